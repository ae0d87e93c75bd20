import type { Document } from '../config/document.js';
import type { LinkedConfig, LinkedRoute, LinkedUpstream } from '../config/linked.js';
import { Report } from '../config/report.js';
import type { Outcome } from '../config/source.js';
import { hasErrors, type Path } from '../diagnostics/diagnostic.js';
import { Matcher } from '../matching/matcher.js';
import { pathRule } from '../matching/path-rule.js';
import type { Rule } from '../matching/rule.js';
import type { Plugin } from '../plugins/plugin.js';
import type { GatewayConfig } from '../schema/gateway.js';
import { Store } from '../state/store.js';
import { each, type Steps } from '../steps.js';
import type { Upstream } from '../upstream/upstream.js';
import type { BindContext } from './bind.js';
import { Chains } from './chains.js';
import { clientLimitsOf } from './clients.js';
import { compileSites } from './compile-sites.js';
import { compileUpstream, type UpstreamContext } from './compile-upstream.js';
import { MethodSets, ruleOf } from './conditions.js';
import type { Route } from './route.js';
import { RoutingTable, type TunnelRules } from './table.js';
import { namesOf } from './sources.js';
import type { Surroundings } from './surroundings.js';
import { trustOf } from './trust.js';
import { DEFAULT_TIMEOUTS, timeoutsOf } from './timeouts.js';
import { warnOfShadows } from './warn-shadows.js';

/** Makes a linked configuration runnable. Opens nothing: what it leases from the store begins when the table serves. */
export function* compile(config: LinkedConfig, document: Document, tools: CompileTools, store: Store, generation: number): Steps<Outcome<RoutingTable>> {
  const { plugins, check, surroundings, switchedOff } = tools;
  const report = new Report(document);
  const scope = store.scope();
  const context: BindContext = { plugins: new Map(plugins.map((p) => [p.name, p])), config, scope, check, switchedOff, report, lively: surroundings.lively, tell: surroundings.tellOfPlugin, together: new Map() };
  const ssls = new Map(config.ssls.map((ssl) => [ssl.id, ssl]));
  // routes that share an upstream share its turn as well
  const shared = new Set(config.routes.flatMap(({ upstream }) => upstream ?? []));
  const reached: UpstreamContext = { scope, report, surroundings, ssls, names: namesOf(config.gateway, scope, surroundings) };
  const upstreams = new Map(yield* each([...shared], (upstream) => [upstream, compileUpstream(upstream, reached)] as const));
  checkUnused(config.upstreams.filter((upstream) => !shared.has(upstream)), reached, config.gateway);
  const chains = yield* Chains.of(config, context);
  const routes = yield* each(config.routes, (route) => compileRoute(route, route.upstream && upstreams.get(route.upstream), chains));
  context.report = undefined;
  const trusts = trustOf(config.gateway.trusted_proxies, report);
  const sites = compileSites(config, scope, surroundings.now(), report);
  const rules = yield* rulesOf(config, routes, report);
  // what was read elsewhere was doubted there
  if (document.isHere) yield* warnOfShadows(rules, config.gateway.router === 'radixtree_host_uri', report);
  const { diagnostics } = report;
  if (hasErrors(diagnostics)) {
    scope.release();
    return { diagnostics };
  }
  const matcher = yield* Matcher.of([...rules.keys()], config.gateway.router);
  const settings = { trusts, sites, matchedPath: pathRule(config.gateway), tunnels: tunnelRules(config), showsUpstreamStatus: config.gateway.show_upstream_status, clients: clientLimitsOf(config.gateway.client_timeouts) };
  const shares = { unrouted: chains.unrouted, overlays: chains.overlays(), upstreams: [...upstreams.values()] };
  return { value: new RoutingTable(generation, document.source.hash, routes, matcher, scope, settings, shares), diagnostics };
}

/** What nothing uses is checked all the same, and thrown away. */
function checkUnused(unused: readonly LinkedUpstream[], reached: UpstreamContext, gateway: GatewayConfig): void {
  const scope = new Store().scope();
  const names = namesOf(gateway, scope, reached.surroundings);
  for (const upstream of unused) compileUpstream(upstream, { ...reached, scope, names });
  scope.release();
}

/** What compiling takes besides a configuration. */
export interface CompileTools {
  readonly plugins: readonly Plugin[];
  readonly check: BindContext['check'];
  readonly surroundings: Surroundings;
  /** Where the schema does not accept what is switched off; undefined where nobody asks what else is wrong with it. */
  readonly switchedOff?: readonly Path[] | undefined;
}

function compileRoute({ config, id, service, places, websocket }: LinkedRoute, upstream: Upstream | undefined, chains: Chains): Route {
  const plugins = chains.pluginsOf(places);
  return Object.freeze({
    id, name: config.name, service: service && { id: service.id, name: service.name },
    owner: `route/${id}`,
    plugins,
    chain: chains.of(plugins),
    websocket,
    upstream,
    timeouts: timeoutsOf(config.timeout) ?? upstream?.timeouts ?? DEFAULT_TIMEOUTS,
  });
}

/** An id is all that a tunnel keeps of its route. */
function tunnelRules({ routes, gateway }: LinkedConfig): TunnelRules {
  const kept = routes.filter(({ config, websocket }) => websocket && config.status !== 0);
  return { routes: new Set(kept.map(({ id }) => id)), grace: gateway.websocket_grace * 1000 };
}

/** How each route is found; one with status 0 is not. */
function* rulesOf(config: LinkedConfig, routes: readonly Route[], report: Report): Steps<ReadonlyMap<Rule<Route>, LinkedRoute>> {
  const rules = new Map<Rule<Route>, LinkedRoute>();
  const methodSets = new MethodSets();
  let pairs = 0;
  yield* each(routes, (route, i) => {
    const linked = config.routes[i];
    if (!linked) return;
    const rule = ruleOf(linked, route, methodSets, report);
    if (linked.config.status === 0) return;
    pairs += rule.uris.length * Math.max(1, rule.hosts.length);
    if (pairs <= MOST_PAIRS) rules.set(rule, linked);
    else report.error('wrong-value', linked.path, `with this route the paths and hosts of all make more than ${MOST_PAIRS} pairs`, { hint: 'let one with a `*` take several: `/api/*`, `*.example.com`' });
  });
  return rules;
}

/** Of a path and a host, each of which is one entry of the index: a few thousand lines can ask for millions. */
const MOST_PAIRS = 1_000_000;
