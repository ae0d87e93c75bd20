import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEchoServer } from '../../src/echo/server.js';
import { program, type Program } from './program.js';

/** An example that is served on free ports, from a copy of its file that may be edited. */
export interface ServedExample {
  readonly gateway: Program;
  readonly url: string;
  readonly file: string;
  /** Saves another text as the file. */
  save(text: string): void;
}

/** The text of an example's configuration. */
export const exampleText = (name: string): string => readFileSync(`examples/${name}/config.yaml`, 'utf8');

/** Serves an example with a sample upstream in place of its own; `after` takes what ends it. */
export async function serveExample(name: string, format: 'pretty' | 'json', after: (end: () => unknown) => void): Promise<ServedExample> {
  const echo = createEchoServer();
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const file = join(folder, 'config.yaml');
  const save = (text: string): void => writeFileSync(file, text.replaceAll('127.0.0.1:9081', `127.0.0.1:${(echo.address() as AddressInfo).port}`));
  save(exampleText(name));
  const gateway = program(['start', '-c', file, '--listen', '127.0.0.1:0', '--admin', 'off', '--log-format', format]);
  after(async () => {
    await gateway.stop();
    echo.close();
    echo.closeAllConnections();
    rmSync(folder, { recursive: true });
  });
  const [, url = ''] = await gateway.says(/serving .* on (http:[^;"\s]+)/);
  return { gateway, url, file, save };
}
