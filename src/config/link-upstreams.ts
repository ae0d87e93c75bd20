import type { Path } from '../diagnostics/diagnostic.js';
import type { UpstreamConfig } from '../schema/upstream.js';
import { itemsOf, type References } from './items.js';
import type { LinkedUpstream } from './linked.js';
import type { Report } from './report.js';

/** The upstreams of the list by id. */
export function linkUpstreams(configs: readonly UpstreamConfig[], report: Report): Map<string, LinkedUpstream> {
  const items = itemsOf('upstreams', 'upstream', configs, report);
  return new Map([...items].map(([id, { path, config }]) => [id, { owner: `upstream/${id}`, path, config }]));
}

/** The upstream that a route or a service names, or has inline. As in APISIX, the name goes first. */
export function upstreamOf(owner: string, path: Path, config: { readonly upstream?: UpstreamConfig; readonly upstream_id?: string | number }, upstreams: ReadonlyMap<string, LinkedUpstream>, references: References): LinkedUpstream | undefined {
  if (config.upstream && config.upstream_id === undefined) return { owner, path: [...path, 'upstream'], config: config.upstream };
  return references.find('upstream', upstreams, config.upstream_id, path, 'upstream_id', 'add it to `upstreams`, or write it inline as `upstream`');
}
