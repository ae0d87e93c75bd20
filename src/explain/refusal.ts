import { METHODS } from 'node:http';
import type { Observed } from '../cases/rig.js';
import { withoutParameters } from '../matching/path-rule.js';
import type { Exchange } from '../proxy/exchange.js';
import { hostName } from '../proxy/host.js';
import { parseTarget } from '../proxy/path.js';
import { matchedPath } from '../proxy/routing.js';

/** What a request asks for, as it is sent. */
interface Asked {
  readonly method: string;
  readonly target: string;
  readonly host: string;
}

/** Why a request was refused before any route was looked for, in words; undefined when it was not. */
export function whyRefused({ exchange, status }: Observed, { method, target, host }: Asked): string | undefined {
  if (exchange) return undefined;
  if (status !== 400) return WORDS[status] ?? `it is refused with ${status}`;
  if (!METHODS.includes(method)) return `${method} is no method that is known here`;
  if (/[^\x21-\x7e]/.test(target)) return 'its target holds what is no plain ASCII, and must be percent-encoded';
  let why: string | undefined;
  const parsed = parseTarget(target, (words) => { why = `servers would not agree about its target: ${words}`; });
  if (!parsed) return why;
  if (hostName(parsed.authority ?? host) === undefined) return 'its Host is no name of a host';
  return 'it is no valid request: it has no Host or several, more than one length or none that is a number, or fields that HTTP does not allow';
}

const WORDS: Readonly<Record<number, string>> = {
  405: 'TRACE and CONNECT are served by nobody here',
  417: 'it expects something else than 100-continue',
  431: 'it has too many headers, or too long ones',
  501: 'its body comes in a transfer coding other than chunked',
};

/** Why a request was refused whose route its body decides, in words; undefined when it was not. */
export function whyUnread({ exchange: x, status, received }: Observed, answered: boolean): string | undefined {
  if (!x || x.route || answered || received.length > 0) return undefined;
  return UNREAD[status];
}

const UNREAD: Readonly<Record<number, string>> = {
  408: 'routes are told apart by its body, which does not come as long as it says',
  413: 'routes are told apart by its body, which is longer than what is looked into',
};

/** Why a request was refused that is two things: to servers that cut `;` parameters off, or decode `%2F`, it is one for another route. */
export function whyTwofold({ exchange: x, status, received }: Observed, answered: boolean): string | undefined {
  if (!x || status !== 400 || answered || received.length > 0) return undefined;
  const matched = matchedPath(x);
  if (matched.includes(';')) return `servers that cut off what follows a \`;\` would take it for a request to ${routeOf(x, withoutParameters(matched))}`;
  if (matched !== x.uri && /%2f/i.test(matched)) return `servers that take \`%2F\` for a slash would take it for a request to ${routeOf(x, x.uri)}`;
  return undefined;
}

function routeOf(x: Exchange, path: string): string {
  const other = x.table.match(x, path);
  return typeof other === 'object' ? `the route ${other.route.id}` : 'no route';
}
