import { casesBeside, testFiles } from '../cases/files.js';
import { PLUGINS } from '../plugins/index.js';
import { useColour } from './colour.js';
import { reportOf, type TestFormat } from './test-report.js';

/** The options of `gateway test`. */
export interface TestOptions {
  readonly config: string;
  /** Files of cases; `requests.yaml` beside the configuration, unless given. */
  readonly requests?: readonly string[];
  readonly format: TestFormat;
}

/** Sends the cases of files through the gateway that a configuration describes, and tells what did not come as expected. Returns the exit code. */
export async function test({ config, requests = [casesBeside(config)], format }: TestOptions): Promise<number> {
  const run = await testFiles(config, requests, PLUGINS, process.env);
  process.stdout.write(reportOf(run, format, useColour(process.stdout)));
  return run.passed ? 0 : 1;
}
