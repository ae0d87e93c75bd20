import type { Consumer, Credential } from '../plugins/plugin.js';
import type { RouteConfig, PluginConfigs } from '../schema/route.js';
import type { SslConfig } from '../schema/ssl.js';
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
  readonly ssls: readonly LinkedSsl[];
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

/** A certificate with its key, both as PEM; undefined where what they refer to could not be had. */
export interface LinkedPair {
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly certPath: Path;
  readonly keyPath: Path;
}

/** An item of `ssls`, with what it refers to in its place. */
export interface LinkedSsl {
  readonly id: string;
  readonly path: Path;
  readonly config: SslConfig;
  /** Server names in lower case; none for `type: client`. */
  readonly names: readonly string[];
  readonly pairs: readonly LinkedPair[];
  /** The authorities that clients' certificates must come from, as PEM. */
  readonly ca: string | undefined;
}
