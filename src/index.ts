/** What the package offers to programs: to load a configuration, to serve it in a process of one's own, and the plugin contract. */
export { readSource, sourceOf, type Outcome, type Source } from './config/source.js';
export { CODES, type Code } from './diagnostics/codes.js';
export type { Diagnostic, Frame, Path, Position, Range, Related, Severity } from './diagnostics/diagnostic.js';
export { draw } from './diagnostics/draw.js';
export { createLoader, type Loaded, type Loader } from './load.js';
export type { Module, Modules, Problem } from './modules/module.js';
export { withModules } from './modules/with-modules.js';
export { PLUGINS } from './plugins/index.js';
export { authPlugin, plugin } from './plugins/plugin.js';
export type { AuthPlugin, Binding, Consumer, Credential, CredentialKey, Details, Endpoint, Exchange, Handlers, Named, Plugin, Reply, ResponseHead, Step, Value } from './plugins/plugin.js';
export { CLAIMS } from './plugins/common/claims.js';
export { Gateway, type GatewayEvent } from './proxy/gateway.js';
export { createServer } from './proxy/server.js';
export { Store } from './state/store.js';
