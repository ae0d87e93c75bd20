import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { echo } from './echo.js';
import { start } from './start.js';

const EXAMPLE = fileURLToPath(new URL('../../../examples/key-auth/config.yaml', import.meta.url));

/** Starts the tutorial: the example's gateway with the sample upstream, and what to try. Returns false when it cannot. */
export async function demo(): Promise<boolean> {
  if (!await echo('127.0.0.1:9081')) return false;
  const file = relative(process.cwd(), EXAMPLE);
  const [url] = await start({ config: file, watch: true, logLevel: 'info', logFormat: 'pretty' }) ?? [];
  if (!url) return false;
  process.stdout.write(`
Try, in another terminal:

  curl -i ${url}/ip                           # 401: no key
  curl -i ${url}/ip -H 'apikey: wrong-key'    # 401: wrong key
  curl -i ${url}/ip -H 'apikey: secret-key'   # 200
  curl -i '${url}/ip?apikey=secret-key'       # 200
  curl ${url}/headers -H 'apikey: secret-key' # the upstream sees X-Consumer-Username

Then edit ${file}: set "disable: true" and save. The first line gives 200 now.
Set it to false again and save: 401. Ctrl-C stops.

`);
  return true;
}
