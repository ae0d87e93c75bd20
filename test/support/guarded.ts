import assert from 'node:assert/strict';
import { startGateway, type Closing, type TestGateway } from './gateway.js';
import { statusOf, values, type Message } from './message.js';
import { ask, get } from './raw.js';
import { startUpstream } from './upstream.js';

/** What came of a request, and what the upstream got. */
export interface Sent {
  readonly answer: Message;
  readonly seen: Message | undefined;
}

/** A gateway whose route `/guarded*` has one auth plugin, beside an open one. */
export interface Guarded {
  readonly gateway: TestGateway;
  /** Swaps to other options or consumers. */
  swap(options: string, consumers?: string): void;
  /** Sends a GET, or whatever bytes. */
  send(path: string, headers?: string): Promise<Sent>;
  sendRaw(request: string): Promise<Sent>;
}

/** Starts it. */
export async function guarded(closing: Closing, plugin: string, options: string, consumers: string): Promise<Guarded> {
  const upstream = await startUpstream(closing);
  const yaml = (conf: string, who: string): string => `
routes:
  - {id: guarded, uri: /guarded*, upstream_id: up, plugins: {${plugin}: ${conf}}}
  - {id: open, uri: /open, upstream_id: up}
upstreams: [{id: up, nodes: {"127.0.0.1:${upstream.port}": 1}}]
${who}`;
  const gateway = await startGateway(closing, yaml(options, consumers));
  const sendRaw = async (request: string): Promise<Sent> => {
    const before = upstream.requests.length;
    const answer = await ask(gateway.port, request);
    assert.ok(answer);
    return { answer, seen: upstream.requests[before] };
  };
  return { gateway, swap: (conf, who = consumers) => gateway.swap(yaml(conf, who)), send: (path, headers = '') => sendRaw(get(path, headers)), sendRaw };
}

/** It was refused with this message, and the upstream was not asked. */
export function assertRefused({ answer, seen }: Sent, message: string, challenge: string): void {
  assert.equal(answer.body, `${JSON.stringify({ message })}\n`);
  assert.equal(statusOf(answer), 401);
  assert.deepEqual(values(answer, 'www-authenticate'), [challenge]);
  assert.equal(seen, undefined, 'the upstream was not asked');
}

/** It went through as a consumer's; what the upstream got. */
export function assertPassed({ answer, seen }: Sent, username: string): Message {
  assert.equal(statusOf(answer), 200, answer.body);
  assert.ok(seen);
  assert.deepEqual(values(seen, 'x-consumer-username'), [username]);
  return seen;
}
