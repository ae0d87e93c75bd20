import type { Path } from '../diagnostics/diagnostic.js';
import type { Regex } from '../regex/regex.js';
import type { Infer, Schema } from '../schema/infer.js';
import type { Exchange } from './exchange.js';

export type { Details, Endpoint, Exchange, Named, Value } from './exchange.js';

/** A plugin's answer to a client; it ends the phases. */
export interface Reply {
  readonly status: number;
  /** A text or bytes are sent as they are, another object as JSON; none with a status of 300 or more gives a small HTML page. */
  readonly body?: string | object | undefined;
  /** Flat list of header names and values; with a Content-Type, in place of that of plain text. */
  readonly headers?: readonly string[];
}

/** What a phase comes to: a reply, or nothing to go on. Synchronous handlers stay synchronous. */
export type Step = Reply | undefined | Promise<Reply | undefined>;

/** A credential of a consumer, as an auth plugin's index holds it; with what the plugin prepared of it. */
export interface Credential<D = unknown> {
  readonly consumer: Consumer;
  readonly data?: D | undefined;
  /** Of a credential with an id of its own. */
  readonly id?: string | undefined;
}

/** Who calls. */
export interface Consumer {
  readonly username: string;
  /** The label `custom_id`. */
  readonly customId?: string | undefined;
  /** The id of its consumer group. */
  readonly groupId?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** What a response's head may still be changed to. */
export interface ResponseHead {
  status: number;
  /** Flat list of header names and values. */
  headers: string[];
}

/** Compiled functions of one plugin at one place; an absent phase costs nothing. */
export interface Handlers {
  rewrite?(x: Exchange): Step;
  access?(x: Exchange): Step;
  headerFilter?(x: Exchange, head: ResponseHead): void;
  log?(x: Exchange): void;
}

/** One plugin configuration at one place, while it is compiled. `M`: the plugin's metadata, `D`: what it prepares of credentials. */
export interface Binding<M = unknown, D = unknown> {
  /** Whose plugin configuration it is: `route/orders`. */
  readonly owner: string;
  /** Every credential of this plugin by its look-up key. */
  readonly credentials: ReadonlyMap<string, Credential<D>>;
  /** What `plugin_metadata` says for this plugin, if it says anything. */
  readonly metadata: M | undefined;
  /** The consumer of a name, if there is one. */
  consumer(username: string): Consumer | undefined;
  /** Compiles a variable by its name (`remote_addr`, `http_x_y`, `arg_name`, …); an unknown one refuses the configuration. */
  variable(name: string, path: Path): (x: Exchange) => string | undefined;
  /** Compiles a text in which `$name`, `${name}` and `${name ?? default}` stand for variables, and `\$` for a dollar. What is missing is empty. */
  template(text: string, path: Path): (x: Exchange) => string;
  /** The same; undefined when none of the variables that it names is there. */
  combination(text: string, path: Path): (x: Exchange) => string | undefined;
  /** Compiles an expression as routes have it in `vars`; a wrong one refuses the configuration. */
  expression(rules: unknown, path: Path): (x: Exchange) => boolean;
  /** Compiles a regular expression that takes time in proportion to the text; a wrong one refuses the configuration. */
  regex(source: string, flags: string, path: Path): Regex;
  /** State that outlives a reload: the one that a running table holds under this key, or a new one. */
  retain<T extends object>(key: string, create: () => T): T;
  /** The same, for all places where the plugin is configured. */
  share<T extends object>(key: string, create: () => T): T;
  /** Whether anything outside is asked: not while cases are tried and requests explained, when all counts are kept here. */
  readonly lively: boolean;
  /** What the places of this plugin tell each other while one configuration is compiled. */
  readonly together: Map<string, unknown>;
  /**
   * Compiles another plugin's configuration, which stands at a path within this one: checked as if it stood on a route,
   * its `_meta` applied. Undefined when it is switched off, or refused, which is told; with `auth` all but plugins that
   * decide who calls are refused.
   */
  nested(plugin: string, options: unknown, path: Path, kind?: 'auth'): Handlers | undefined;
  /** Refuses the configuration for what no schema can tell. */
  reject(path: Path, message: string): void;
  /** Accepts it, and tells the author something. */
  warn(path: Path, message: string): void;
  /** Tells who runs the gateway, while it serves, of what goes wrong; never a secret. The same is not told again within a minute. */
  tell(message: string): void;
  /** Accepts it, and tells that there is no such consumer, what follows from that, and which one was probably meant. */
  warnOfMissingConsumer(path: Path, username: string, consequence: string): void;
}

/** A plugin: its name, its options and how it runs. */
export interface Plugin<S = Schema, M = Schema, D = unknown> {
  readonly name: string;
  /** Within a phase the higher runs first. */
  readonly priority: number;
  /**
   * What its decisions depend on besides the request and the configuration: what other servers say, or what came before.
   * `gateway explain` does not ask others, and decides as for a first request.
   */
  readonly needs?: 'network' | 'history';
  /** JSON Schema of the options on a route. */
  readonly schema: S;
  /** JSON Schema of its entry in `plugin_metadata`; without one it takes no metadata. */
  readonly metadataSchema?: M;
  /** Where a route has it too, it does not run for a global rule besides, but once. */
  readonly prefersRoute?: boolean;
  /** It decides who calls, and lets nobody else through, though consumers have no credentials for it. */
  readonly authenticates?: boolean;
  /**
   * Of a plugin that holds requests back: whether some options let through what others refused. That it is there says
   * that to remove the plugin loosens, so that `gateway diff` and the log of an edit tell it first.
   */
  loosens?(before: Infer<S>, after: Infer<S>): boolean;
  /** Runs at load time, once per place where it is configured: no I/O, no timers, no module state. */
  compile(options: Infer<S>, binding: Binding<Infer<M>, D>): Handlers;
}

/** What a plugin tells of while the gateway serves. */
export interface PluginEvent {
  readonly plugin: string;
  /** Whose configuration it is. */
  readonly owner: string;
  readonly message: string;
}

/** Where in a credential's configuration a look-up key comes from. */
export interface CredentialKey {
  readonly path: Path;
  readonly key: string;
  /** Why a client can hardly send it, if so; never quotes it. */
  readonly doubt?: string | undefined;
}

/** A plugin that recognises consumers. */
export interface AuthPlugin<S = Schema, C = Schema, M = Schema, D = unknown> extends Plugin<S, M, D> {
  /** JSON Schema of the credential on a consumer. */
  readonly credentialSchema: C;
  /** The keys under which a request finds the credential: one look-up, never a comparison. */
  credentialKeys(credential: Infer<C>): readonly CredentialKey[];
  /** What a request needs of the credential, made at load; secrets stand in place of the references to them. */
  prepare?(credential: Infer<C>, reject: (path: Path, message: string) => void, warn: (path: Path, message: string) => void): D;
}

/** Whether a plugin recognises consumers. */
export function isAuthPlugin(plugin: Plugin): plugin is AuthPlugin {
  return 'credentialSchema' in plugin;
}

/** Whether a plugin decides who calls. */
export function authenticates(plugin: Plugin): boolean {
  return plugin.authenticates === true || isAuthPlugin(plugin);
}

/** Declares a plugin: infers the types of its options from its schema, and hides them from lists of plugins. */
export function plugin<const S, const M>(definition: Plugin<S, M>): Plugin {
  return definition as unknown as Plugin;
}

/** Declares an auth plugin likewise. */
export function authPlugin<const S, const C, const M, D>(definition: AuthPlugin<S, C, M, D>): AuthPlugin {
  return definition as unknown as AuthPlugin;
}
