import { setTimeout as sleep } from 'node:timers/promises';
import type { Forwarded, Front } from './gateway.js';
import type { Logged, Running } from './kinds.js';
import { openClient, RawLine } from './line.js';
import type { Outcome } from './outcome.js';
import { METHODS, SHAPES, type Shape } from './shapes.js';

/** What the attacker and its victims may ask for. `/smuggled` leads nowhere. */
export const ROUTES = ['uri: /outer/*', 'uri: /victim/*'];

/** Milliseconds that an attacker waits for an answer: some shapes promise more than they send. */
const PATIENCE = 150;

/** Sends every shape with every method, and after each a victim's request over the same upstream connection. */
export async function attack(front: Front, server: Running, backend: Running | undefined, deadline: number): Promise<Outcome> {
  const findings: string[] = [];
  const names = new Map<string, string>();
  const victim = new RawLine(front.port);
  let cases = 0;
  for (const method of METHODS) {
    for (const shape of SHAPES) {
      if (performance.now() > deadline) return { cases, findings: [...findings, 'not done in time'], forwarded: 0 };
      const id = `${cases++}-${Math.random().toString(36).slice(2, 8)}`;
      names.set(id, `${method}, ${shape.name}`);
      await send(front.port, shape, method, id);
      const wrong = await ask(victim, id);
      if (wrong) findings.push(`the victim after ${names.get(id)}: ${wrong}`);
    }
  }
  victim.close();
  const forwarded = await front.forwarded();
  findings.push(...compare(forwarded, await server.stop(), names));
  for (const { target } of await backend?.stop() ?? []) if (!/^\/(outer|victim)\//.test(target)) findings.push(`the server behind read ${target}`);
  return { cases, findings, forwarded: forwarded.filter(({ path }) => path.startsWith('/outer/')).length };
}

async function send(port: number, shape: Shape, method: string, id: string): Promise<void> {
  const client = await openClient(port);
  client.send(shape.bytes(method, `/outer/${id}`, `X-Case: ${id}\r\n`));
  if (shape.leaves) await sleep(10);
  // what counts is what the upstream reads; a client that gets nothing has its reasons
  else await client.response(method, PATIENCE).catch(() => undefined);
  if (shape.leaves === 'end') client.socket.end();
  else if (shape.leaves === 'reset') client.socket.resetAndDestroy();
  else client.socket.destroy();
  if (shape.leaves === 'end') await sleep(5);
  client.socket.destroy();
}

/** What is wrong with a victim's answer. */
async function ask(victim: RawLine, id: string): Promise<string | undefined> {
  const answer = await victim.ask(`GET /victim/${id} HTTP/1.1\r\nHost: h\r\nX-Case: ${id}\r\n\r\n`);
  if (!answer) return 'no answer, or more than one';
  return `${answer.headers.join('\n')}\n${answer.body}`.includes(`/victim/${id}`) ? undefined : `not its own: ${JSON.stringify(answer).slice(0, 400)}`;
}

/** The client had left: the upstream may not have read so far. */
const LEFT = 499;

/** What the gateway says it sent, against what the server says it read. */
function compare(forwarded: readonly Forwarded[], logged: readonly Logged[], names: ReadonlyMap<string, string>): string[] {
  const findings: string[] = [];
  const left = new Map<string, number[]>();
  for (const { method, path, status } of forwarded) {
    const key = `${method} ${path}`;
    left.set(key, [...left.get(key) ?? [], status]);
  }
  for (const { id, method, target } of logged) {
    const statuses = left.get(`${method} ${target}`);
    if (statuses === undefined || statuses.pop() === undefined) findings.push(`read, but not forwarded, after ${names.get(id) ?? id}: ${method} ${JSON.stringify(target)}`);
  }
  for (const [key, statuses] of left) {
    for (const status of statuses) if (status !== LEFT) findings.push(`forwarded and answered with ${status}, but not read: ${key} (${names.get(key.split('/').at(-1) ?? '') ?? ''})`);
  }
  return findings;
}
