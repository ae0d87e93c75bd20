import type { Path } from '../diagnostics/diagnostic.js';
import type { Consumer, Credential } from '../plugins/plugin.js';
import type { GatewayConfig } from '../schema/gateway.js';
import type { MetadataConfig } from '../schema/metadata.js';
import type { PluginConfigs, RouteConfig } from '../schema/route.js';
import type { SslConfig } from '../schema/ssl.js';
import type { UpstreamConfig } from '../schema/upstream.js';

/** A configuration whose ids have become objects, and whose references to secrets have become the secrets. */
export interface LinkedConfig {
  readonly gateway: GatewayConfig;
  readonly routes: readonly LinkedRoute[];
  /** Every upstream, whether or not a route uses it. */
  readonly upstreams: readonly LinkedUpstream[];
  /** Every place where plugins are written, whether or not anything refers to it. */
  readonly places: readonly PluginPlace[];
  readonly globalRules: readonly PluginPlace[];
  /** By plugin name. */
  readonly metadata: ReadonlyMap<string, MetadataConfig>;
  readonly consumers: ReadonlyMap<string, Consumer>;
  /** What is configured for a consumer beyond its credentials, strongest first: its own, its group's. None for most. */
  readonly overlays: ReadonlyMap<Consumer, readonly PluginPlace[]>;
  /** By auth plugin, then by the plugin's look-up key. */
  readonly credentials: ReadonlyMap<string, ReadonlyMap<string, Credential>>;
  readonly ssls: readonly LinkedSsl[];
}

/** Plugins where they are written, named by what defines them: `service/orders`. */
export interface PluginPlace {
  readonly owner: string;
  /** Of the resource. */
  readonly path: Path;
  readonly plugins: PluginConfigs;
}

/** A route with what it refers to. */
export interface LinkedRoute {
  readonly id: string;
  readonly path: Path;
  readonly config: RouteConfig;
  readonly service: LinkedService | undefined;
  /** Where its plugins are written, strongest first: on it, on its plugin config, on its service. */
  readonly places: readonly PluginPlace[];
  /** Its own, or its service's. */
  readonly upstream: LinkedUpstream | undefined;
  readonly hosts: readonly string[];
  readonly websocket: boolean;
}

/** A service, as its routes know it. */
export interface LinkedService {
  readonly id: string;
  readonly name: string | undefined;
  readonly place: PluginPlace;
  readonly upstream: LinkedUpstream | undefined;
  readonly hosts: readonly string[];
  readonly websocket: boolean | undefined;
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
