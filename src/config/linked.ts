import type { Consumer, Credential } from '../plugins/plugin.js';
import type { RouteConfig, PluginConfigs } from '../schema/route.js';
import type { UpstreamConfig } from '../schema/upstream.js';
import type { GatewayConfig } from '../schema/gateway.js';
import type { Path } from '../diagnostics/diagnostic.js';

/** A configuration whose ids have become objects. */
export interface LinkedConfig {
  readonly gateway: GatewayConfig;
  readonly routes: readonly LinkedRoute[];
  readonly consumers: ReadonlyMap<string, Consumer>;
  /** By auth plugin, then by the plugin's look-up key. */
  readonly credentials: ReadonlyMap<string, ReadonlyMap<string, Credential>>;
}

/** A route with the upstream that it uses. */
export interface LinkedRoute {
  readonly id: string;
  readonly path: Path;
  readonly config: RouteConfig;
  readonly plugins: PluginConfigs;
  readonly upstream: LinkedUpstream | undefined;
}

/** An upstream, named by what defines it: `upstream/httpbin`, or `route/orders` when written inline. */
export interface LinkedUpstream {
  readonly owner: string;
  readonly path: Path;
  readonly config: UpstreamConfig;
}
