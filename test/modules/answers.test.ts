import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { guarded } from '../../src/modules/guard.js';
import type { Exchange, Handlers, ResponseHead, Step } from '../../src/plugins/plugin.js';
import { closing, startGateway, type Closing } from '../support/gateway.js';
import { statusOf, values, type Message } from '../support/message.js';
import { probe, probed } from '../support/probe.js';
import { ask, get } from '../support/raw.js';
import { startUpstream } from '../support/upstream.js';

/** A gateway with a module's plugin, whose handlers do what stands under the name that a request has for a path. */
async function answering<D>(scope: Closing, done: Readonly<Record<string, D>>, handlersOf: (find: (x: Exchange) => D | undefined) => Handlers) {
  const names = Object.keys(done);
  const upstream = await startUpstream(scope);
  const plugin = probe(() => handlersOf(({ path }) => done[names[Number(path.slice(1))] ?? '']));
  const gateway = await startGateway(scope, probed(upstream.port), [guarded(plugin, 'print')]);
  return {
    gateway,
    async ask(name: string): Promise<{ readonly message: Message; readonly asked: boolean }> {
      const before = upstream.requests.length;
      const message = (await ask(gateway.port, get(`/${names.indexOf(name)}`))) ?? assert.fail('cut');
      return { message, asked: upstream.requests.length > before };
    },
  };
}

const NO_ANSWERS: Readonly<Record<string, unknown>> = {
  'false': false, 'true': true, 'a number': 0, 'a text': '', 'a list': [], 'no status': { body: 'x' },
  'a text for a status': { status: '200' }, 'a part of a status': { status: 200.5 }, 'a status before the answer': { status: 101 }, 'a status beyond all': { status: 600 },
  'headers by name': { status: 200, headers: { a: '1' } }, 'a name without a value': { status: 200, headers: ['a'] }, 'a line break': { status: 200, headers: ['a', 'b\r\nc: d'] },
};
const ANSWERS: Readonly<Record<string, unknown>> = {
  'nothing': undefined, 'null': null,
  'a reply': { status: 200, body: 'hello', headers: ['Content-Length', '1', 'transfer-encoding', 'chunked', 'Connection', 'x', 'X-Own', '1'] },
};

for (const [when, handlersOf] of Object.entries<(find: (x: Exchange) => unknown) => Handlers>({
  'at once': (find) => ({ access: (x) => find(x) as Step }),
  'later': (find) => ({ rewrite: async (x) => find(x) as undefined }),
})) {
  suite(`what a plugin of a module answers ${when}`, () => {
    const started = answering(closing(), { ...NO_ANSWERS, ...ANSWERS }, handlersOf);

    test('is a reply or nothing: whatever else gets 500, and no further', async () => {
      const { gateway, ask: get } = await started;
      gateway.expectedErrors = Object.keys(NO_ANSWERS).length;
      for (const name of Object.keys(NO_ANSWERS)) {
        const { message, asked } = await get(name);
        assert.deepEqual([statusOf(message), asked], [500, false], name);
      }
      for (const name of ['nothing', 'null']) assert.equal((await get(name)).asked, true, name);
    });

    test('is framed by the gateway, whatever the plugin says of that', async () => {
      const { message } = await (await started).ask('a reply');
      assert.deepEqual([message.body, message.framing, values(message, 'content-length'), values(message, 'x-own')], ['hello', 'length', ['5'], ['1']]);
    });
  });
}

const NO_HEADS: Readonly<Record<string, (head: ResponseHead) => void>> = {
  'another length': ({ headers }) => void headers.push('Content-Length', '3'),
  'the length twice': ({ headers }) => void headers.push('Content-Length', '2'),
  'a length in place of it': (head) => { head.headers = head.headers.map((text, i) => (/^content-length$/i.test(head.headers[i - 1] ?? '') ? '9' : text)); },
  'a coding': ({ headers }) => void headers.push('Transfer-Encoding', 'chunked'),
  'a status before the answer': (head) => { head.status = 100; },
  'no status': (head) => { head.status = Number.NaN; },
};

suite('what a plugin of a module makes of a head', () => {
  const fewer = (head: ResponseHead): void => void Object.assign(head, { status: 418, headers: ['X-Own', '1'] });
  const started = answering(closing(), { ...NO_HEADS, fewer }, (find) => ({ headerFilter: (x, head) => find(x)?.(head) }));

  test('is framed as it was, or it is no answer', async () => {
    const { gateway, ask: get } = await started;
    gateway.expectedErrors = Object.keys(NO_HEADS).length;
    for (const name of Object.keys(NO_HEADS)) assert.equal(statusOf((await get(name)).message), 500, name);
  });

  test('may be another status, more headers, or fewer', async () => {
    const { message } = await (await started).ask('fewer');
    assert.deepEqual([statusOf(message), values(message, 'x-own'), message.body], [418, ['1'], 'ok']);
  });
});
