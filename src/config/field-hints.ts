import type { Path } from '../diagnostics/diagnostic.js';
import { flow } from './flow.js';

/** Hints for required fields, where the name alone does not say enough. */
const REQUIRED: Readonly<Record<string, string>> = {
  weight: 'write `weight: 1`: the node\'s share of the requests',
  'routes.uri': 'for example: `uri: /ip`',
  'routes.upstream': '`upstream_id: …` names one of the list `upstreams`; `upstream: {nodes: {"127.0.0.1:9081": 1}}` is one of its own',
  'consumers.username': 'for example: `username: tom`',
  'upstreams.id': 'routes refer to an upstream by its `id`',
  'plugin_metadata.id': 'it is the name of the plugin',
  nodes: 'for example: {"127.0.0.1:9081": 1}',
  active: 'write `active: {http_path: /healthz}`: without probes a node that failed has no way back',
  'requests.expect': 'what must come of it, for example: {status: 200}',
};

/** What a field that is missing may look like, by an example of the schema that has it. */
export function fieldHint(field: string, schema: Readonly<Record<string, unknown>> | undefined, path: Path): string | undefined {
  const said = REQUIRED[field] ?? (path.length === 2 ? REQUIRED[`${path[0]}.${field}`] : undefined);
  if (said !== undefined) return said;
  const properties = (schema?.['properties'] ?? {}) as Readonly<Record<string, { readonly examples?: readonly unknown[]; readonly 'x-secret'?: boolean } | undefined>>;
  const [example] = properties[field]?.examples ?? [];
  return example === undefined ? undefined : `for example: \`${field}: ${flow(example)}\``;
}
