import assert from 'node:assert/strict';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { after, it, type TestContext } from 'node:test';
import { run, startGateway, workspace, type Running } from '../support/cli.js';
import { ask } from '../support/client.js';
import { startUpstream } from '../support/counting-upstream.js';
import { largeFile } from '../support/large-file.js';

const WITHIN = 20_000;
const upstream = await startUpstream('up');
after(() => upstream.close());

const greeting = (word: string): string => `
export const greeting = {
  name: 'greeting', priority: 1,
  schema: { type: 'object', properties: { to: { type: 'string' } }, required: ['to'], additionalProperties: false },
  compile: ({ to }) => ({ access: () => ({ status: 200, body: '${word}, ' + to }) }),
};
`;
const small = (): string => `gateway: {listen: "127.0.0.1:0", plugins: [./greeting.js]}
routes: [{id: r, uri: /greet, plugins: {greeting: {to: tom}}, upstream: {nodes: {"127.0.0.1:${upstream.port}": 1}}}]
#END
`;
/** The same, in a file that is judged by another thread. */
const large = (edit = 0): string => largeFile('routes', 400, upstream.port, edit)
  .replace('gateway:\n', 'gateway:\n  plugins: [./greeting.js]\n')
  .replace('routes:\n', 'routes:\n  - {id: r, uri: /greet, plugins: {greeting: {to: tom}}, upstream_id: up}\n');

interface Served {
  readonly gateway: Running;
  readonly file: string;
  readonly module: string;
  greeted(): Promise<string>;
}

async function serve(t: TestContext, text: string, args: readonly string[] = []): Promise<Served> {
  const space = await workspace();
  const [file, module] = [space.path('config.yaml'), space.path('greeting.js')];
  await writeFile(file, text);
  await writeFile(module, greeting('hello'));
  const gateway = await startGateway(file, args, { within: WITHIN });
  t.after(async () => {
    await gateway.kill();
    await space.remove();
  });
  return { gateway, file, module, greeted: async () => (await ask(`${gateway.url}/greet`)).body.trim() };
}

for (const [kind, text] of [['small', small], ['large', large]] as const) {
  it(`a plugin of one's own is served from a ${kind} file, and an edit of its module takes effect`, async (t) => {
    const { gateway, module, greeted } = await serve(t, text());
    assert.equal(await greeted(), 'hello, tom');
    const applied = await gateway.outcome(() => writeFile(module, greeting('welcome')), / applied: /, WITHIN);
    assert.match(applied.msg, /generation 2, .*module \.\/greeting\.js: its file changed/);
    assert.equal(await greeted(), 'welcome, tom');
  });

  it(`a module of a ${kind} file that breaks refuses it until it is mended, and what ran goes on`, async (t) => {
    const { gateway, module, greeted } = await serve(t, text());
    const refused = await gateway.outcome(() => writeFile(module, 'throw new Error("no luck");\n'), / refused, /, WITHIN);
    assert.match(refused.msg, /error: \.\/greeting\.js does not load: no luck \(line 1\)/);
    assert.equal(await greeted(), 'hello, tom');
    assert.deepEqual((await gateway.status()).stale_because, ['refused']);
    await gateway.outcome(() => writeFile(module, greeting('again')), / applied: /, WITHIN);
    assert.equal(await greeted(), 'again, tom');
    assert.equal((await gateway.status()).in_sync, true);
  });
}

it('the file and its module may change at once, and each alone', async (t) => {
  const { gateway, file, module, greeted } = await serve(t, small());
  await gateway.outcome(() => writeFile(file, small().replace('to: tom', 'to: ann')), / applied: /, WITHIN);
  assert.equal(await greeted(), 'hello, ann');
  await gateway.outcome(async () => {
    await writeFile(module, greeting('both').replaceAll('to', 'whom'));
    await writeFile(file, small().replace('to: tom', 'whom: eve'));
  }, / applied: /, WITHIN);
  assert.equal(await greeted(), 'both, eve');
  await gateway.outcome(() => writeFile(file, small().replace(', plugins: [./greeting.js]', '').replace('plugins: {greeting: {to: tom}}, ', '')), / applied: /, WITHIN);
  assert.notEqual(await greeted(), 'both, eve');
});

it('without watching, a module is read anew on SIGHUP', async (t) => {
  const { gateway, module, greeted } = await serve(t, small(), ['--no-watch']);
  await writeFile(module, greeting('welcome'));
  assert.equal(await greeted(), 'hello, tom');
  await gateway.outcome(() => gateway.program.signal('SIGHUP'), / applied: /, WITHIN);
  assert.equal(await greeted(), 'welcome, tom');
});

it('validate and test load modules as a start does, and tell of them', async () => {
  const space = await workspace();
  for (const name of ['config.yaml', 'requests.yaml']) await copyFile(`examples/own-plugin/${name}`, space.path(name));
  const module = (await readFile('examples/own-plugin/tenant.js', 'utf8')).replace("import { plugin } from 'gateway';", 'const plugin = (it) => it;');
  await writeFile(space.path('tenant.js'), module);
  const cases = await run(['test', '-c', space.path('config.yaml')]);
  assert.match(cases.stdout, /5 cases passed/);
  await writeFile(space.path('tenant.js'), 'export {};\n');
  for (const command of ['validate', 'test']) {
    const refused = await run([command, '-c', space.path('config.yaml')]);
    assert.equal(refused.code, 1);
    assert.match(refused.stdout, /config\.yaml:5:7: error: \.\/tenant\.js exports no plugin \[module-unusable\]/);
  }
  const gated = await run(['start', '-c', space.path('config.yaml'), '--listen', '127.0.0.1:0', '--admin', 'off']);
  assert.equal(gated.code, 1);
  assert.match(gated.stderr, /exports no plugin/);
  await space.remove();
});
