import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { casesBeside, testFiles, type TestRun } from '../../src/cases/files.js';
import type { Environment } from '../../src/config/placeholders.js';
import { PLUGINS } from '../../src/plugins/index.js';
import type { Plugin } from '../../src/plugins/plugin.js';

/** Sends cases through the gateway of a configuration. */
export async function runTexts(config: string, requests: string, env: Environment = {}, plugins: readonly Plugin[] = PLUGINS): Promise<TestRun> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-cases-'));
  const file = join(folder, 'config.yaml');
  writeFileSync(file, config);
  writeFileSync(casesBeside(file), requests);
  try {
    return await testFiles(file, [casesBeside(file)], plugins, env);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What did not come as expected, each as `line:column what: expected, actual`. */
export function failuresOf({ results }: TestRun): string[] {
  return results.flatMap(({ failures }) => failures.map(({ what, expected, actual, place: { start } }) => `${start.line}:${start.column} ${what}: ${expected}, ${actual}`));
}
