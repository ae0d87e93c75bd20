import { MethodSets, ruleOf } from '../compile/conditions.js';
import type { Route } from '../compile/route.js';
import type { LinkedRoute } from '../config/linked.js';
import { Matcher, type Router } from '../matching/matcher.js';
import type { Match } from '../matching/path-index.js';
import type { Misfit, Rule } from '../matching/rule.js';
import type { Exchange } from '../proxy/exchange.js';
import { matchedPath } from '../proxy/routing.js';
import { atOnce } from '../steps.js';
import type { OtherRoute } from './explanation.js';
import type { Scene } from './scene.js';

/**
 * Routes that the request does not meet although their paths fit, and why: those that are tried, in the order in which
 * they are; then the rest. Each condition is put to the matcher of the data path by itself.
 */
export function othersOf({ observed: { exchange: x }, linked, document }: Scene): OtherRoute[] {
  if (!x) return [];
  const { router } = linked.gateway;
  const all = linked.routes.flatMap((route, i) => asked(route, x.table.routes[i], x, router)).filter(({ misfits }) => !misfits.includes('path'));
  const met = all.find(({ linked: { id } }) => id === x.route?.id);
  const reached = all.filter(({ misfits }) => !misfits.includes('host') && !misfits.includes('status'));
  const tried = inOrder(reached, x, router);
  return [...tried, ...all.filter((one) => !tried.includes(one))].flatMap((one): OtherRoute[] => {
    if (one === met) return [];
    const { id, path, config } = one.linked;
    const because = one.misfits.length > 0 ? one.misfits.map((misfit) => WORDS[misfit](one.linked)).join(', and ') : `it fits as well, and ${x.route?.id ?? 'another'} comes before it`;
    return [{ route: id, name: config.name, place: document.locate(path), because }];
  });
}

type Condition = Misfit | 'status';

/** Why a route does not fit, in words. */
const WORDS: Readonly<Record<Condition, (route: LinkedRoute) => string>> = {
  path: ({ config }) => `its path is ${listed(config.uris ?? [config.uri ?? ''])}`,
  host: ({ hosts }) => `its host is ${listed(hosts)}`,
  method: ({ config }) => `it takes ${listed(config.methods ?? [])}`,
  address: ({ config }) => `it takes requests from ${listed(config.remote_addrs ?? [config.remote_addr ?? ''])}`,
  vars: () => 'its `vars` do not hold',
  status: () => 'it is out of service (`status: 0`)',
};

const listed = (texts: readonly string[]): string => (texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1) ?? ''}`);

interface Asked {
  readonly linked: LinkedRoute;
  readonly rule: Rule<Route>;
  readonly misfits: readonly Condition[];
}

/** Which of its conditions a route fails in, each asked by itself. */
function asked(linked: LinkedRoute, route: Route | undefined, x: Exchange, router: Router): Asked[] {
  // a table has the routes of its configuration, in their order
  if (!route) return [];
  const rule = ruleOf(linked, route, new MethodSets());
  const { uris, hosts, methods, addresses, vars } = rule;
  const open: Rule<Route> = { route, uris: ['/*'], hosts: [], priority: 0 };
  const alone: Readonly<Record<Misfit, Rule<Route>>> = {
    path: { ...open, uris }, host: { ...open, hosts }, method: { ...open, methods }, address: { ...open, addresses },
    // parameters of the path may be asked for
    vars: { ...open, uris, vars },
  };
  const misfits = CONDITIONS.filter((condition) => typeof met(alone[condition], x, router) !== 'object');
  return [{ linked, rule, misfits: linked.config.status === 0 ? ['status', ...misfits] : misfits }];
}

const CONDITIONS: readonly Misfit[] = ['path', 'host', 'method', 'address', 'vars'];

/** What would come of the request if there were this rule alone. */
const met = (rule: Rule<Route>, x: Exchange, router: Router): Match<Route> => atOnce(Matcher.of([rule], router)).find(x, matchedPath(x));

/** Routes in the order in which they are tried, by a request of which none of them takes the method. */
function inOrder(all: readonly Asked[], x: Exchange, router: Router): Asked[] {
  const ordered = new Set<Asked>();
  const matcher = atOnce(Matcher.of(all.map((one): Rule<Asked> => ({ ...one.rule, route: one, methods: NONE })), router));
  matcher.find(x, matchedPath(x), ({ route: one }, misfit) => void (misfit === 'method' && ordered.add(one)));
  return [...ordered];
}

const NONE: ReadonlySet<string> = new Set();
