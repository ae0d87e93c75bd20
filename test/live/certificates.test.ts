import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { createEchoServer } from '../../src/echo/server.js';
import type { AddressInfo } from 'node:net';
import { until } from '../support/client.js';
import { program, type Program } from '../support/program.js';
import { pem } from '../support/secure-upstream.js';

interface Served {
  readonly gateway: Program;
  readonly port: number;
  readonly folder: string;
  /** Writes a certificate and its key into the files that the configuration names. */
  put(certificate: string, key?: string): void;
}

async function serve(t: TestContext): Promise<Served> {
  const echo = createEchoServer().listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const put = (certificate: string, key = pem(`${certificate}.key`)): void => {
    writeFileSync(join(folder, 'cert.pem'), pem(certificate));
    writeFileSync(join(folder, 'key.pem'), key);
  };
  put('server');
  writeFileSync(join(folder, 'config.yaml'), `
gateway: {listen: [{address: "127.0.0.1:0", tls: true}], admin: false}
routes: [{uri: /*, upstream: {nodes: {"127.0.0.1:${(echo.address() as AddressInfo).port}": 1}}}]
ssls: [{id: api, sni: api.test, cert: $file://cert.pem, key: $file://key.pem}]
#END
`);
  const gateway = program(['start', '-c', join(folder, 'config.yaml'), '--log-format', 'json']);
  t.after(async () => {
    await gateway.stop();
    echo.close();
    echo.closeAllConnections();
    rmSync(folder, { recursive: true });
  });
  const [, port = ''] = await gateway.says(/https:\/\/127\.0\.0\.1:(\d+)/);
  return { gateway, port: Number(port), folder, put };
}

/** Asks once; returns the name in the certificate that was shown. */
async function ask(port: number, agent: https.Agent | false = false): Promise<string> {
  const req = https.get({ port, host: '127.0.0.1', servername: 'api.test', headers: { host: 'api.test' }, path: '/get', rejectUnauthorized: false, agent });
  const [res] = await once(req, 'response') as [NodeJS.ReadableStream & { statusCode: number; socket: TLSSocket }];
  const { CN } = res.socket.getPeerCertificate().subject;
  res.resume();
  await once(res, 'end');
  assert.equal(res.statusCode, 200);
  return String(CN);
}

test('a certificate in a file is swapped while traffic flows, and no request fails', async (t) => {
  const { gateway, port, put } = await serve(t);
  const kept = new https.Agent({ keepAlive: true, maxSockets: 2 });
  let running = true;
  let count = 0;
  const loops = [false, false, kept, kept].map(async (agent) => {
    for (; running; count++) await ask(port, agent as https.Agent | false);
  });
  put('named');
  await gateway.says(/certificate api: certificate, key or authorities changed/);
  assert.equal(await ask(port), 'named');
  const before = count;
  await until(() => count > before + 20, 'requests go on');
  running = false;
  await Promise.all(loops);
  kept.destroy();
});

test('a broken certificate never replaces one that works, and the log says so until it is mended', async (t) => {
  const { gateway, port, folder, put } = await serve(t);
  writeFileSync(join(folder, 'cert.pem'), pem('named').slice(0, 300));
  await gateway.says(/refused, the configuration that runs stays[^]*certificates in PEM form belong here/);
  assert.equal(await ask(port), 'server');
  put('named', pem('server.key'));
  await gateway.says(/this is not the key of the certificate/);
  assert.equal(await ask(port), 'server');
  put('named');
  await gateway.says(/applied: generation 2/);
  assert.equal(await ask(port), 'named');
  assert.doesNotMatch(gateway.output(), /PRIVATE KEY-----[^` ]/);
});

test('SIGTERM ends what has not begun to speak', async (t) => {
  const { gateway, port } = await serve(t);
  const silent = (await import('node:net')).connect(port, '127.0.0.1');
  await once(silent, 'connect');
  await ask(port);
  const gone = once(gateway.child, 'exit');
  gateway.child.kill('SIGTERM');
  assert.deepEqual((await gone)[0], 0);
  silent.destroy();
});
