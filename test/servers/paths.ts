import type { Message } from '../support/message.js';
import type { Forwarded, Front } from './gateway.js';
import type { Logged, Running } from './kinds.js';
import { RawLine } from './line.js';
import { awkwardTargets } from './awkward.js';
import type { Outcome } from './outcome.js';

/** An open path and a guarded one. Paths are compared as they are spelled: an upstream that ignores case would need routes for each. */
export const PATH_ROUTES: readonly string[] = ['uri: /public/*', 'uri: /admin/*, plugins: {key-auth: {}}'];

/** Random targets for each server. */
const RANDOM = 5000;

/** Sends awkward targets without a key, and compares what the gateway says it sent with what the server understood. */
export async function wander(front: Front, server: Running, deadline: number): Promise<Outcome> {
  const findings: string[] = [];
  const line = new RawLine(front.port);
  const targets = awkwardTargets(RANDOM);
  for (const [i, target] of targets.entries()) {
    if (performance.now() > deadline) {
      findings.push('not done in time');
      break;
    }
    const answer = await line.ask(`GET ${target} HTTP/1.1\r\nHost: h\r\nX-Case: ${i}\r\n\r\n`);
    if (answer === undefined) findings.push(`no answer to ${JSON.stringify(target)}`);
    else if (textOf(answer).includes('SECRET')) findings.push(`SECRET without a key: ${JSON.stringify(target)}`);
  }
  const control = await line.ask(`GET /admin/secret HTTP/1.1\r\nHost: h\r\napikey: k\r\nX-Case: ${targets.length}\r\n\r\n`);
  if (!control || !textOf(control).includes('SECRET')) findings.push('a key opens nothing: the test is worth nothing');
  line.close();
  const forwarded = await front.forwarded();
  findings.push(...disagreements(forwarded, await server.stop()));
  return { cases: targets.length, forwarded: forwarded.length, findings };
}

const textOf = ({ headers, body }: Message): string => `${headers.join('\n')}\n${body}`;

/** One request at a time was sent, so both logs are in one order. */
function disagreements(forwarded: readonly Forwarded[], logged: readonly Logged[]): string[] {
  const read = logged.filter(({ id }, i) => id === '-' || id !== logged[i - 1]?.id);
  if (read.length !== forwarded.length) return [`the gateway forwarded ${forwarded.length}, the server read ${read.length}`];
  return forwarded.flatMap(({ path }, i) => {
    const { target = '', path: understood } = read[i] ?? {};
    const words = `${JSON.stringify(path)} was read as ${JSON.stringify(target)}, understood as ${JSON.stringify(understood)}`;
    if (target.split('?', 1)[0] !== path) return [words];
    return understood === undefined || plain(understood) === plain(decode(path)) ? [] : [words];
  });
}

/** Servers differ in whether they merge slashes that were encoded, which leads nowhere else. */
const plain = (path: string): string => path.replace(/\/+/g, '/');

/** Decoded once, one character per byte. */
function decode(path: string): string {
  return path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
