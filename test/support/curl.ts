import { execFile, spawnSync } from 'node:child_process';

/** Whether there is a curl that speaks HTTP/2. */
const installed = /^Features:.*\bHTTP2\b/m.test(spawnSync('curl', ['--version'], { encoding: 'utf8' }).stdout ?? '');

/** Why tests with curl are skipped; false where there is one that speaks HTTP/2, or there has to be one. */
export const withoutCurl: string | false = installed || process.env['CI'] === 'true' || process.env['GATEWAY_TEST_ALL'] === '1' ? false : 'there is no curl that speaks HTTP/2: apt-get install curl';

/** What came of a run of curl. */
export interface Curled {
  /** Its exit code: 0 for any answer at all. */
  readonly code: number;
  /** The version of HTTP that was spoken. */
  readonly version: string;
  readonly status: number;
  /** Connections that were opened for the last URL: 0 when one was used again. */
  readonly opened: number;
  readonly body: string;
  /** What it tells of the connection, with the certificate that it was shown. */
  readonly told: string;
}

/** Runs curl, with nobody's settings; `input` is what it reads from `-`. */
export function curl(args: readonly string[], input = ''): Promise<Curled> {
  return new Promise((resolve) => {
    const child = execFile('curl', ['-q', '-sv', '--noproxy', '*', '--max-time', '20', '-w', '%{stderr}\n=%{http_version} %{http_code} %{num_connects}', ...args], { encoding: 'latin1', maxBuffer: 50_000_000 }, (_error, body, told) => {
      const [, version = '', status, opened] = /\n=(\S+) (\d+) (\d+)[^=]*$/.exec(told) ?? [];
      resolve({ code: child.exitCode ?? -1, version, status: Number(status), opened: Number(opened), body, told });
    });
    child.stdin?.on('error', () => {}).end(input, 'latin1');
  });
}
