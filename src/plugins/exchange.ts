import type { Consumer, Credential } from './plugin.js';

/** A resource as plugins know it. */
export interface Named {
  readonly id: string;
  readonly name?: string | undefined;
}

/** What a variable comes to; undefined when there is nothing. Texts are Unicode; lists and objects come from bodies alone. */
export type Value = string | number | boolean | object | null | undefined;

/** What plugins see and may change of one request and its answer. */
export interface Exchange {
  readonly method: string;
  /** The canonical path, as matched and as forwarded. */
  readonly path: string;
  /** The host that routes are matched against: lower case, without port. */
  readonly host: string;
  /** The client's address, as far as proxies before the gateway are believed. */
  readonly address: string;
  /** `http` or `https`, as far as proxies before the gateway are believed. */
  readonly scheme: string;
  /** The query as it goes to the upstream, without `?`; undefined when there is none. */
  readonly query: string | undefined;
  /** Undefined until one is found. */
  readonly route: Named | undefined;
  /** Of the route. */
  readonly service: Named | undefined;
  readonly consumer: Consumer | undefined;
  /** How the consumer was recognised. */
  readonly credential: Credential | undefined;
  /** What a plugin keeps from one phase to the next, each under an object of its own. */
  readonly notes: Map<object, unknown>;
  /** What logs and variables tell of it. */
  readonly details: Details;
  /** Every value of a query argument, decoded; true for one without `=`. */
  argumentValues(name: string): readonly (string | true)[];
  /** Every value that the client sent under a header name (lower case), each byte a character. */
  headerValues(name: string): readonly string[];
  /** The value of a cookie as the client sent it; of several the first. */
  cookie(name: string): string | undefined;
  /** Every value of a cookie that the client sent. */
  cookieValues(name: string): readonly string[];
  /** The value of a variable that is known by name only now; a name that stands in a configuration is compiled by the binding. */
  variable(name: string): Value;
  /**
   * The upstream sees this header, in place of whatever the client sent under the name in any spelling that servers take
   * for it. Control characters are percent-encoded. Throws for names that are the gateway's own (see `isReserved`).
   */
  setHeader(name: string, value: string): void;
  /** The same, besides what the client sent. */
  addHeader(name: string, value: string): void;
  /** The upstream does not see this header (lower case). */
  removeHeader(name: string): void;
  /** The upstream does not see this query argument; the others stay as they were sent. */
  removeArgument(name: string): void;
  /** The upstream does not see this cookie; the others stay as they were sent. */
  removeCookie(name: string): void;
  /** The client sees this header, whatever the answer is and whoever makes it. */
  addResponseHeader(name: string, value: string): void;
  /** The same, in place of what was added under the name before. */
  setResponseHeader(name: string, value: string): void;
  /**
   * The whole body of the request, which is forwarded all the same. Undefined when it has more bytes than `limit`, or
   * when the client has left.
   */
  body(limit: number): Promise<Buffer | undefined>;
  /** The request is this consumer's from now on; upstreams see it in X-Consumer-Username and its companions. */
  attach(credential: Credential): void;
}

/** What logs and variables tell of an exchange beyond what plugins act on. */
export interface Details {
  /** The other end of the connection, whoever is believed. */
  readonly peer: Endpoint;
  /** This end of it. */
  readonly local: Endpoint;
  /** The client's TLS session, where it has one. */
  readonly tls: { readonly protocol: string | undefined; readonly cipher: string | undefined; readonly serverName: string | undefined } | undefined;
  /** `1.1`. */
  readonly httpVersion: string;
  /** The request target as the client sent it. */
  readonly target: string;
  /** The Host as the client sent it. */
  readonly authority: string;
  /** The port that the client asked for. */
  readonly port: string;
  /** The path decoded, each byte a character: what routes are matched against. */
  readonly uri: string;
  /** What `:name` and `*name` in the route's path stand for. */
  readonly parameters: ReadonlyMap<string, string> | undefined;
  /** When it began, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds since then. */
  readonly elapsed: number;
  /** Whether the body of the request need not be read: there is none, or somebody has asked for it. */
  readonly bodyKnown: boolean;
  /** The body of the request, once it was read whole. */
  readonly body: Buffer | undefined;
  /** The status of the answer, once it has one. */
  readonly status: number | undefined;
  /** The headers of the answer, names and values in turn, once it has a head. */
  readonly responseHeaders: readonly string[];
  /** Bytes of the answer's body so far. */
  readonly bodyBytes: number;
  /** The last node that was asked. */
  readonly node: Endpoint | undefined;
  /** The statuses that each attempt at a node came to. */
  readonly upstreamStatuses: readonly number[];
  /** Milliseconds from the last request to a node until the head and until the end of its response. */
  readonly upstreamTimes: { readonly head: number | undefined; readonly end: number | undefined };
  /**
   * Every value of the client's and of plugins that the upstream sees under a header name (lower case, `-` as `_`); each
   * byte a character. Where a request comes from is there only as a believed proxy tells it, and who calls not at all.
   */
  forwardedValues(name: string): readonly string[];
}

/** A host and a port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}
