import type { ServiceConfig } from '../schema/service.js';
import { itemsOf, type References } from './items.js';
import { placeOf } from './link-plugins.js';
import { upstreamOf } from './link-upstreams.js';
import type { LinkedService, LinkedUpstream } from './linked.js';
import type { Report } from './report.js';
import type { SecretReader } from './secret-reader.js';

/** The services by id. */
export function linkServices(configs: readonly ServiceConfig[], upstreams: ReadonlyMap<string, LinkedUpstream>, references: References, secrets: SecretReader, report: Report): Map<string, LinkedService> {
  const items = itemsOf('services', 'service', configs, report);
  return new Map([...items].map(([id, { path, config }]) => {
    const owner = `service/${id}`;
    return [id, {
      id, name: config.name,
      place: placeOf(owner, path, config.plugins, secrets),
      upstream: upstreamOf(owner, path, config, upstreams, references),
      hosts: config.hosts ?? [],
      websocket: config.enable_websocket,
    }];
  }));
}
