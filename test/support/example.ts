import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** Why examples with certificates are skipped; false where OpenSSL makes some, or has to. */
export const withoutOpenssl: string | false = spawnSync('openssl', ['version']).status === 0 || process.env['CI'] === 'true' || process.env['GATEWAY_TEST_ALL'] === '1' ? false : 'openssl is not installed: apt-get install openssl';

/** Whether an example needs certificates, which its own script makes. */
export const needsCertificates = (name: string): boolean => existsSync(`examples/${name}/make-certificates.sh`);

/** Copies an example into a folder of its own, and lets its script make certificates there, if it has one. */
export function copyExample(name: string, after: (end: () => unknown) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  after(() => rmSync(folder, { recursive: true }));
  cpSync(`examples/${name}`, folder, { recursive: true });
  rmSync(join(folder, 'certs'), { recursive: true, force: true });
  if (needsCertificates(name)) execFileSync(join(folder, 'make-certificates.sh'), { stdio: 'pipe' });
  return folder;
}

/** Serves an example from a copy, on free ports, and with another port in place of its upstream's; returns the URLs of its listeners. */
export async function serveCopy(folder: string, upstream: readonly [from: number, to: number], after: (end: () => unknown) => void): Promise<readonly string[]> {
  const file = join(folder, 'config.yaml');
  const text = readFileSync(file, 'utf8').replaceAll(/127\.0\.0\.1:(9080|9443)\b/g, '127.0.0.1:0');
  writeFileSync(file, text.replaceAll(`127.0.0.1:${upstream[0]}`, `127.0.0.1:${upstream[1]}`));
  const gateway = program(['start', '-c', file, '--admin', 'off']);
  after(() => gateway.stop());
  const [, urls = ''] = await gateway.says(/serving .* on (http[^;]+);/);
  return urls.split(', ');
}

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
