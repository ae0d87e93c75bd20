import type { Path } from '../diagnostics/diagnostic.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import { suggest } from '../diagnostics/suggest.js';
import type { Plugin } from '../plugins/plugin.js';
import type { Config } from '../schema/file.js';
import type { RouteConfig } from '../schema/route.js';
import { each, type Steps } from '../steps.js';
import type { Document } from './document.js';
import { tellDoubts } from './doubts.js';
import { linkConsumers } from './link-consumers.js';
import type { LinkedConfig, LinkedRoute, LinkedUpstream } from './linked.js';
import type { Environment } from './placeholders.js';
import { Report } from './report.js';
import type { Outcome } from './source.js';

/** Turns ids into objects, and credentials into one index per auth plugin. */
export function* link(config: Config, document: Document, plugins: readonly Plugin[], env: Environment): Steps<Outcome<LinkedConfig>> {
  const report = new Report(document);
  const upstreams = linkUpstreams(config, report);
  const routes = yield* linkRoutes(config, upstreams, report);
  warnOfUnused(routes, upstreams, report);
  yield* tellDoubts(config, report);
  const { consumers, credentials } = yield* linkConsumers(config.consumers, plugins, env, report);
  const { diagnostics } = report;
  return hasErrors(diagnostics) ? { diagnostics } : { value: { gateway: config.gateway, routes, consumers, credentials }, diagnostics };
}

/** The id of an item: its own, or `arr_<1-based place>` as in APISIX. */
export function idOf(item: { readonly id?: string | number }, index: number): string {
  return item.id === undefined ? `arr_${index + 1}` : String(item.id);
}

function linkUpstreams(config: Config, report: Report): Map<string, LinkedUpstream> {
  const upstreams = new Map<string, LinkedUpstream>();
  config.upstreams.forEach((upstream, i) => {
    const id = idOf(upstream, i);
    const path: Path = ['upstreams', i];
    const first = upstreams.get(id);
    if (first) tellDuplicate('upstream', id, first.path, path, report);
    else upstreams.set(id, { owner: `upstream/${id}`, path, config: upstream });
  });
  return upstreams;
}

function* linkRoutes(config: Config, upstreams: ReadonlyMap<string, LinkedUpstream>, report: Report): Steps<LinkedRoute[]> {
  const seen = new Map<string, Path>();
  return yield* each(config.routes, (route, i) => {
    const id = idOf(route, i);
    const path: Path = ['routes', i];
    const first = seen.get(id);
    if (first) tellDuplicate('route', id, first, path, report);
    seen.set(id, path);
    return { id, path, config: route, plugins: route.plugins ?? {}, upstream: upstreamOf(route, id, path, upstreams, report) };
  });
}

function upstreamOf(route: RouteConfig, id: string, path: Path, upstreams: ReadonlyMap<string, LinkedUpstream>, report: Report): LinkedUpstream | undefined {
  if (route.upstream) return { owner: `route/${id}`, path: [...path, 'upstream'], config: route.upstream };
  if (route.upstream_id === undefined) return undefined;
  const wanted = String(route.upstream_id);
  const found = upstreams.get(wanted);
  if (!found) {
    const near = suggest(wanted, upstreams.keys());
    report.error('dangling-reference', [...path, 'upstream_id'], `there is no upstream \`${wanted}\``, { hint: near ? `did you mean \`${near}\`?` : 'add it to `upstreams`, or write it inline as `upstream`' });
  }
  return found;
}

function warnOfUnused(routes: readonly LinkedRoute[], upstreams: ReadonlyMap<string, LinkedUpstream>, report: Report): void {
  const used = new Set(routes.map((route) => route.upstream));
  for (const [id, upstream] of upstreams) {
    if (!used.has(upstream)) report.warning('unused-upstream', upstream.path, `no route uses the upstream \`${id}\``);
  }
}

function tellDuplicate(kind: string, id: string, first: Path, second: Path, report: Report): void {
  report.error('duplicate-id', [...second, 'id'], `two ${kind}s have the id \`${id}\``, { related: [report.place([...first, 'id'], 'first here')], hint: 'an id names one thing' });
}
