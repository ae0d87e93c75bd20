import type { Route } from '../compile/route.js';
import { withoutParameters } from '../matching/path-rule.js';
import type { Reply, Step } from '../plugins/plugin.js';
import { readBody } from '../variables/post.js';
import type { BodyNeed } from '../variables/variable.js';
import type { Exchange } from './exchange.js';

const BAD_REQUEST: Reply = { status: 400 };

/** Finds the route of an exchange. A reply refuses it; a promise of none asks to be called again, the body being read. */
export function route(x: Exchange): Step {
  const matched = matchedPath(x);
  const match = x.table.match(x, matched);
  if (typeof match === 'string') return readBody(x, match);
  const twofold = isTwofold(x, matched, match?.route);
  if (typeof twofold === 'string') return readBody(x, twofold);
  if (twofold) return BAD_REQUEST;
  x.route = match?.route;
  // a condition of another candidate may have left its own
  if (x.parameters || match?.capture) x.parameters = match?.capture?.(matched);
  return undefined;
}

/** The path that routes are looked for with. */
export function matchedPath({ table: { settings }, path, uri }: Exchange): string {
  return settings.matchedPath ? settings.matchedPath(path, uri) : uri;
}

/**
 * Whether the upstream could be asked for what another route guards: by a server that cuts parameters off, or one that
 * takes an encoded slash for a slash where the gateway was told not to. Or what must be read before that can be told.
 */
function isTwofold(x: Exchange, matched: string, own: Route | undefined): boolean | BodyNeed {
  if (matched.includes(';')) {
    const cut = x.table.match(x, withoutParameters(matched));
    if (typeof cut === 'string') return cut;
    if (cut?.route !== own) return true;
  }
  if (matched === x.uri || !/%2f/i.test(matched)) return false;
  const decoded = x.table.match(x, x.uri);
  return typeof decoded === 'string' ? decoded : decoded !== undefined && decoded.route !== own;
}
