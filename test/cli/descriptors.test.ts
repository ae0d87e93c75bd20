import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import net, { type Socket } from 'node:net';
import { test } from 'node:test';
import { mostClients } from '../../src/cli/descriptors.js';
import { startGateway, workspace } from '../support/cli.js';
import { ask, until, untilAnswer } from '../support/client.js';
import { startUpstream } from '../support/counting-upstream.js';
import { tutorial } from '../support/files.js';

test('clients get three quarters of the descriptors', () => {
  assert.equal(mostClients('Max processes 9 9 processes\nMax open files            200                  4096                 files\n'), 150);
  assert.equal(mostClients(''), undefined);
});

test('with 400 idle clients and 200 descriptors it lives, tells of it once, and serves as soon as they leave', { skip: process.platform !== 'linux' }, async (t) => {
  const space = await workspace();
  const upstream = await startUpstream('up');
  await writeFile(space.path('config.yaml'), tutorial(upstream.port));
  const gateway = await startGateway(space.path('config.yaml'), [], { descriptors: 200 });
  const clients: Socket[] = [];
  t.after(async () => {
    for (const client of clients) client.destroy();
    await gateway.kill();
    await upstream.close();
    await space.remove();
  });
  const { hostname, port } = new URL(gateway.url);
  for (let i = 0; i < 400; i++) clients.push(net.connect(Number(port), hostname).on('error', () => {}).resume());
  await until(() => clients.filter((client) => client.destroyed).length >= 240, 'the surplus is refused');
  assert.equal(await gateway.ready(), 200);
  await gateway.program.line(({ msg }) => /connections? refused: 150 are open/.test(msg));
  for (const client of clients) client.destroy();
  const served = await serves(`${gateway.url}/open`);
  assert.ok(served < 1000, `${served} ms`);
  assert.equal(gateway.program.lines.filter(({ msg }) => msg.includes('refused')).length, 1);
});

/** Milliseconds until something is answered, by whatever status. */
async function serves(url: string): Promise<number> {
  const began = performance.now();
  await until(() => ask(url).then(() => true, () => false), 'it serves again');
  await untilAnswer(url, ({ status }) => status === 200);
  return performance.now() - began;
}
