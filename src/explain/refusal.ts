import type { Observed } from '../cases/rig.js';
import { withoutParameters } from '../matching/path-rule.js';
import type { Exchange } from '../proxy/exchange.js';
import { hostName } from '../proxy/host.js';
import { parseTarget } from '../proxy/path.js';
import { matchedPath } from '../proxy/routing.js';

/** Why a request was refused before any route was looked for, in words; undefined when it was not. */
export function whyRefused({ exchange, status }: Observed, target: string, host: string): string | undefined {
  if (exchange) return undefined;
  if (status !== 400) return WORDS[status] ?? `it is refused with ${status}`;
  let why: string | undefined;
  const parsed = parseTarget(target, (words) => { why = `servers would not agree about its target: ${words}`; });
  if (!parsed) return why;
  if (hostName(parsed.authority ?? host) === undefined) return 'its Host is no name of a host';
  return 'it is no valid request: it has no Host or several, or fields that HTTP does not allow';
}

const WORDS: Readonly<Record<number, string>> = {
  405: 'TRACE is served by nobody here',
  417: 'it expects something else than 100-continue',
  431: 'it has too many headers, or too long ones',
  501: 'its body comes in a transfer coding other than chunked',
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
