import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Handlers } from '../../src/plugins/plugin.js';
import { startGateway } from '../support/gateway.js';
import { statusOf, values } from '../support/message.js';
import { probe, probed } from '../support/probe.js';
import { ask, get, until } from '../support/raw.js';
import { startUpstream } from '../support/upstream.js';

describe('_meta.filter', () => {
  it('lets the plugin run, or not, in all phases alike', async (t) => {
    const ran: string[] = [];
    const handlers: Handlers = {
      rewrite: (x) => void ran.push(`rewrite ${x.path}`), access: async (x) => void ran.push(`access ${x.path}`),
      headerFilter: (x, head) => { ran.push(`header ${x.path}`); head.headers.push('X-Ran', '1'); }, log: (x) => void ran.push(`log ${x.path}`),
    };
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, probed(upstream.port, '{_meta: {filter: [[arg_run, "==", "1"]]}}'), [probe(() => handlers)]);
    const [without, with_] = [await ask(gateway.port, get('/a')), await ask(gateway.port, get('/b?run=1'))];
    assert.deepEqual([without, with_].map((message) => values(message ?? assert.fail('cut'), 'x-ran')), [[], ['1']]);
    await until(() => ran.length === 4);
    assert.deepEqual(ran, ['rewrite /b', 'access /b', 'header /b', 'log /b']);
  });

  it('is asked once for a request: what changes later changes nothing', async (t) => {
    let logs = 0;
    const remover = probe(() => ({ rewrite: (x) => x.removeArgument('run') as undefined, log: () => void logs++ }));
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, probed(upstream.port, '{_meta: {filter: [[arg_run, "==", "1"]]}}'), [remover]);
    await ask(gateway.port, get('/?run=1'));
    await until(() => logs === 1);
    assert.equal(upstream.requests[0]?.target, '/');
  });

  it('may look into the body, which is read when the plugin\'s turn comes', async (t) => {
    const stop = probe(() => ({ access: () => ({ status: 403 }) }));
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, probed(upstream.port, '{_meta: {filter: [["post_arg.a", "==", 1]]}}'), [stop]);
    const post = (body: string): string => `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const statuses = await Promise.all([post('{"a":1}'), post('{"a":2}'), post(`{"b":"${'x'.repeat(1_100_000)}"}`), get('/')].map(async (request) => statusOf(await ask(gateway.port, request) ?? assert.fail('cut'))));
    assert.deepEqual([statuses, upstream.requests.map((r) => r.body)], [[403, 200, 413, 200], ['{"a":2}', '']]);
  });

  it('of a variable that a plugin names is read before the plugin runs', async (t) => {
    const found: (string | undefined)[] = [];
    const teller = probe((_, binding) => {
      const model = binding.variable('post_arg.model', ['x']);
      const text = binding.template('$request_method ${arg_a ?? none} $graphql_name', ['x']);
      const holds = binding.expression([['post_arg.model', '==', 'gpt']], ['x']);
      return { access: (x) => void found.push(model(x), text(x), String(holds(x))) };
    });
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, probed(upstream.port), [teller]);
    await ask(gateway.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 36\r\n\r\n{"model":"gpt","query":"query Q {a}"}'.replace('36', '37'));
    assert.deepEqual(found, ['gpt', 'POST none Q', 'true']);
  });
});
