import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { Aside } from '../../src/aside/aside.js';
import { pack, unpack, type Packed } from '../../src/aside/pack.js';
import { createJudge } from '../../src/aside/verdict.js';
import { createPath } from '../../src/load.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { atOnce } from '../../src/steps.js';
import { load } from '../config/check.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const good = (n: number): string => `routes: [{id: r, uri: /r, desc: "${n}", upstream: {nodes: {127.0.0.1:1: 1}}}]\n`;
const packed = (text: string): Packed => {
  const config = load(text).loaded?.config;
  assert.ok(config);
  return pack(config);
};

describe('a thread aside', () => {
  it('says of a content what would be said here, with the same places', async () => {
    const aside = new Aside({});
    const keep = setInterval(() => {}, 1000);
    try {
      for (const name of readdirSync('test/corpus/err').filter((file) => file.endsWith('.yaml')).slice(0, 40)) {
        const text = readFileSync(`test/corpus/err/${name}`, 'utf8');
        const verdict = await aside.judge({ file: 'gateway.yaml', before: packed(good(0)), listed: [], after: bytes(text) });
        assert.deepEqual(verdict.diagnostics, load(text).diagnostics, name);
      }
    } finally {
      clearInterval(keep);
      aside.close();
    }
  });

  it('tells what changed, and knows the environment', async () => {
    const aside = new Aside({ PLACE: '/env' });
    const keep = setInterval(() => {}, 1000);
    try {
      const { changes, config } = await aside.judge({ file: 'x', before: packed(good(1)), listed: [], after: bytes(good(2).replace('/r,', '"${{PLACE}}",')) });
      assert.deepEqual(changes.map(({ text }) => text).sort(), ['desc: 1 → 2', 'uri: /r → /env']);
      assert.equal(config && atOnce(unpack(config)).routes[0]?.uri, '/env');
    } finally {
      clearInterval(keep);
      aside.close();
    }
  });

  it('goes behind the thread that serves', { skip: process.platform !== 'linux' }, async () => {
    const before = niceness();
    const aside = new Aside({});
    const keep = setInterval(() => {}, 1000);
    try {
      assert.ok((await aside.judge({ file: 'x.yaml', before: packed(good(1)), listed: [], after: bytes(good(2)) })).config);
      const own = niceness().get(String(process.pid)) ?? NaN;
      assert.equal(own, before.get(String(process.pid)));
      assert.ok([...niceness()].some(([thread, nice]) => !before.has(thread) && nice > own));
    } finally {
      clearInterval(keep);
      aside.close();
    }
  });

  it('is ended when a content takes too long, and the next content is judged by another', async () => {
    const aside = new Aside({}, { base: 1, perMegabyte: 0, idle: 1000 });
    const keep = setInterval(() => {}, 1000);
    try {
      const refused = await aside.judge({ file: 'x.yaml', before: packed(good(1)), listed: [], after: bytes(good(2)) });
      assert.deepEqual(refused.diagnostics.map(({ code }) => code), ['file-too-costly']);
      assert.equal(refused.config, undefined);
      const patient = new Aside({});
      assert.ok((await patient.judge({ file: 'x.yaml', before: packed(good(1)), listed: [], after: bytes(good(2)) })).config);
      patient.close();
    } finally {
      clearInterval(keep);
      aside.close();
    }
  });

  it('is replaced when it ended between two contents', async () => {
    const started: Worker[] = [];
    const aside = new Aside({}, undefined, (env) => {
      const worker = new Worker(new URL('../../src/aside/worker.js', import.meta.url), { workerData: { ...env } });
      started.push(worker);
      return worker;
    });
    const keep = setInterval(() => {}, 1000);
    try {
      const job = { file: 'x.yaml', before: packed(good(1)), listed: [], after: bytes(good(2)) };
      assert.ok((await aside.judge(job)).config);
      const [first] = started;
      assert.ok(first);
      await Promise.all([once(first, 'exit'), first.terminate()]);
      assert.ok((await aside.judge(job)).config);
      assert.equal(started.length, 2);
    } finally {
      clearInterval(keep);
      aside.close();
    }
  });

  it('is there before it is needed where it is kept ready, and gives way to another that has done nothing yet', async () => {
    const started: Worker[] = [];
    const aside = new Aside({}, { base: 60_000, perMegabyte: 0, idle: 1 }, (env) => {
      const worker = new Worker(new URL('../../src/aside/worker.js', import.meta.url), { workerData: { ...env } });
      started.push(worker);
      return worker;
    });
    const keep = setInterval(() => {}, 1000);
    try {
      aside.keepReady();
      aside.keepReady();
      assert.equal(started.length, 1);
      assert.ok((await aside.judge({ file: 'x.yaml', before: packed(good(1)), listed: [], after: bytes(good(2)) })).config);
      const [first] = started;
      assert.ok(first);
      assert.equal(started.length, 1);
      await once(first, 'exit');
      assert.equal(started.length, 2);
      assert.ok((await aside.judge({ file: 'x.yaml', before: packed(good(2)), listed: [], after: bytes(good(3)) })).config);
      assert.equal(started.length, 2);
    } finally {
      clearInterval(keep);
      aside.close();
    }
  });

  it('gives back whole configurations, however many items they have', async () => {
    const judge = createJudge(createPath(PLUGINS, {}), async (source) => source);
    const many = `consumers: []\nroutes:\n${Array.from({ length: 350 }, (_, i) => `  - {id: r${i}, uri: "/${i}é", labels: {a: "1"}, upstream: {nodes: {"127.0.0.1:1": 1}}}\n`).join('')}`;
    const { config } = await judge({ file: 'x', before: packed(good(1)), listed: [], after: bytes(many) });
    assert.ok(config);
    const here = load(many).loaded?.config;
    assert.ok(here);
    assert.deepEqual(JSON.parse(JSON.stringify(atOnce(unpack(config)))), JSON.parse(JSON.stringify(here)));
    assert.deepEqual(pack(here), config);
  });

  it('tells what changed without a value where a module of the old configuration no longer loads', async () => {
    const gone = { path: '/own.js', print: 'ENOENT', edition: '', plugins: [], problem: { message: 'was not loaded', hint: '' } };
    const judge = createJudge(createPath(PLUGINS, {}), async (source, listed) => (listed ? { ...source, modules: new Map([['./own.js', gone]]) } : source));
    const guarded = (words: string): string => good(1).replace('uri:', `plugins: {${words}}, uri:`);
    const before = guarded('key-auth: {}, uri-blocker: {block_rules: [old-secret]}, cors: {_meta: {disable: true}}');
    const after = guarded('uri-blocker: {block_rules: [new-secret]}, cors: {}');
    const { changes } = await judge({ file: 'x', before: packed(before), listed: ['./own.js'], after: bytes(after) });
    assert.deepEqual(changes.map(({ text }) => text).sort(), ['cors enabled', 'key-auth removed', 'plugins.uri-blocker.block_rules changed']);
    assert.ok(changes.some(({ security }) => security === 'authentication-removed'));
    assert.doesNotMatch(JSON.stringify(changes), /-secret/);
  });
});

/** How far behind others each thread of this process goes, by its id: the 19th field of Linux's `stat`. */
function niceness(): Map<string, number> {
  return new Map(readdirSync('/proc/self/task').map((thread) => [thread, Number(readFileSync(`/proc/self/task/${thread}/stat`, 'latin1').replace(/^.*\) /, '').split(' ')[16])]));
}
