import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pack } from '../../src/aside/pack.js';
import type { Verdict } from '../../src/aside/verdict.js';
import { createLoader, createPath, type Loader } from '../../src/load.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { Reloader, type ReloadEvent } from '../../src/reload.js';
import { Store } from '../../src/state/store.js';
import { until } from '../support/client.js';
import { startInProcess } from '../support/in-process.js';

const good = (n: number): string => `routes: [{id: r, uri: /r, desc: "${n}", upstream: {nodes: {127.0.0.1:1: 1}}}]\n`;
const BAD = 'routes: [{id: r}]\n';

describe('a reloader', () => {
  it('keeps what runs when a content is refused, and says so again and again until it is mended', async () => {
    const { reloader, gateway, events, close } = await startInProcess(good(0), 20);
    const stale = (): number => events.filter(({ type }) => type === 'stale').length;
    try {
      const { table } = gateway;
      reloader.apply(Buffer.from(BAD));
      assert.equal(gateway.table, table);
      assert.ok(reloader.staleSince);
      const since = reloader.staleSince;
      await until(() => stale() >= 3, 'three reminders');
      reloader.apply(Buffer.from(BAD));
      assert.equal(reloader.staleSince, since);
      const reminder = events.find((event) => event.type === 'stale');
      assert.deepEqual(reminder, { type: 'stale', since, because: ['refused'], generation: 1 });

      reloader.apply(Buffer.from(good(1)));
      assert.equal(reloader.staleSince, undefined);
      assert.deepEqual(reloader.staleReasons, []);
      const before = stale();
      await new Promise((resolve) => { setTimeout(resolve, 60); });
      assert.equal(stale(), before);
    } finally {
      await close();
    }
  });

  it('is stale for every reason that holds, and for none that a new content disproves', async () => {
    const { reloader, close } = await startInProcess(good(0));
    try {
      reloader.stale('absent', true);
      reloader.stale('unfinished', true);
      assert.deepEqual(reloader.staleReasons, ['absent', 'unfinished']);
      reloader.stale('absent', false);
      assert.ok(reloader.staleSince);
      reloader.apply(Buffer.from(BAD));
      assert.deepEqual(reloader.staleReasons, ['refused']);
      reloader.apply(Buffer.from(good(0)));
      assert.equal(reloader.staleSince, undefined);
    } finally {
      await close();
    }
  });

  it('stays stale for what was noted of a newer content while an older one was judged', async () => {
    const judged: ((config: NonNullable<Verdict['config']>) => void)[] = [];
    const judge = async (): Promise<Verdict> => ({ hash: 'h', changes: [], listed: [], diagnostics: [], config: await new Promise((resolve) => { judged.push(resolve); }) });
    const elsewhere = { judge, assemble: createPath(PLUGINS, {}).assemble, first: Buffer.from(good(0)) };
    const { reloader, gateway, first, close } = await startInProcess(good(0), undefined, { elsewhere });
    try {
      reloader.stale('unfinished', true);
      reloader.apply(Buffer.from(`${good(1)}${'# and much more\n'.repeat(4096)}`));
      reloader.stale('absent', true);
      judged[0]?.(pack(first.config));
      await reloader.settled();
      assert.equal(gateway.table.generation, 2);
      assert.deepEqual(reloader.staleReasons, ['absent']);
      assert.ok(reloader.staleSince);
    } finally {
      await close();
    }
  });

  it('refuses what is no text, what is too much, and what is nothing', async () => {
    const { reloader, gateway, close } = await startInProcess(good(0));
    try {
      for (const content of [Buffer.from([0xff, 0xfe]), Buffer.from('a\0b'), Buffer.alloc(0), Buffer.from('#END\n'), Buffer.from('[1, 2]\n')]) {
        reloader.apply(content);
        assert.equal(reloader.last.outcome, 'refused', JSON.stringify(String(content)));
      }
      assert.equal(gateway.table.generation, 1);
    } finally {
      await close();
    }
  });

  it('counts a content with the same bytes as a generation of its own', async () => {
    const { reloader, gateway, events, close } = await startInProcess(good(0));
    try {
      reloader.apply(Buffer.from(good(0)));
      assert.equal(gateway.table.generation, 2);
      assert.deepEqual(events.map((event) => (event.type === 'applied' ? event.changes : undefined)), [[]]);
    } finally {
      await close();
    }
  });

  it('tells of a new table before it tells that the old one is retired', async () => {
    const { reload, events, close } = await startInProcess(good(0));
    try {
      reload(good(1));
      await new Promise(setImmediate);
      assert.deepEqual(events.map(({ type }) => type), ['applied', 'retired']);
    } finally {
      await close();
    }
  });

  it('survives a bug of the loader, tells of it, and keeps what runs', async () => {
    const { gateway, first: running, close } = await startInProcess(good(0));
    const events: ReloadEvent[] = [];
    const bug = new Error('bug');
    let broken = true;
    const real = createLoader(PLUGINS, {});
    const loader: Loader = (...args) => {
      if (broken) throw bug;
      return real(...args);
    };
    const reloader = new Reloader({ file: 'test.yaml', loader, store: new Store(), gateway, notify: (event) => void events.push(event) }, running, [], 0);
    try {
      reloader.apply(Buffer.from(good(1)));
      assert.deepEqual(events, [{ type: 'failed', error: bug }]);
      assert.equal(reloader.last.outcome, 'failed');
      assert.deepEqual(reloader.staleReasons, ['refused']);
      assert.equal(gateway.table, running.table);
      broken = false;
      reloader.apply(Buffer.from(good(1)));
      assert.equal(gateway.table.generation, 2);
      assert.equal(reloader.staleSince, undefined);
    } finally {
      reloader.close();
      await close();
    }
  });
});
