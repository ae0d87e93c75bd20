import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { EMPTY, type Chain } from '../compile/chain.js';
import type { Route } from '../compile/route.js';
import type { RoutingTable } from '../compile/table.js';
import type { Consumer, Credential, Exchange as PluginExchange, Named, ResponseHead, Value } from '../plugins/plugin.js';
import type { Node } from '../upstream/upstream.js';
import { variable } from '../variables/variable.js';
import { RequestBody } from './body.js';
import type { Connections } from './connections.js';
import { cookieIn, cookiesIn, withoutCookie } from './cookies.js';
import { ExchangeDetails } from './details.js';
import { alike, fieldOf, without } from './fields.js';
import { originOf, type Origin } from './origin.js';
import type { Target } from './path.js';
import { argumentValues, withoutArgument } from './query.js';
import { reset } from './reset.js';
import { respond } from './respond.js';
import type { Takeover } from './takeover.js';

/** A request as it comes in, with the exchange that it became. */
export class GatewayRequest extends IncomingMessage {
  exchange: Exchange | undefined;
  /** The client waits for 100 Continue before it sends its body. */
  expectsContinue = false;
  /** It expects something else, which nobody here can meet. */
  expectsTheUnknown = false;
  /** It has been told to send it. */
  continued = false;
  /** It has a body whose length nobody told beforehand, and which no coding frames: that of a stream. */
  unmeasured = false;
}

/** A response on its way out, and what ends with it. */
export class GatewayResponse<R extends IncomingMessage = GatewayRequest> extends ServerResponse<R> {
  table: RoutingTable | undefined;
  /** Who is told of bugs of ours. */
  keeper: { report(error: unknown): void } | undefined;
  forwarding: { abandon(): void; expire(): void; readonly leisurely?: boolean } | undefined;
  connections: Connections | undefined;
  /** Of a request for a WebSocket: its connection, which Node has let go of. */
  takeover: Takeover | undefined;
  /** The connection that it goes to; Node forgets it at the end. */
  client: Socket | undefined;
  /** The answer before it on its connection, while that is not over. */
  earlier: GatewayResponse | undefined;
  /** It is sent, or its connection is lost. */
  over = false;

  /** Ends an answer that is not whole. `untilClose`: its end would look like that of a whole one, so a reset tells. */
  cut(untilClose: boolean): void {
    if (untilClose && this.socket) reset(this.socket);
    else this.destroy();
  }
}

/** One request and its answer, on the table that it began with. */
export class Exchange implements PluginExchange {
  readonly path: string;
  /** As it goes to the upstream, without `?`; undefined when there is none. */
  query: string | undefined;
  route: Route | undefined;
  /** What runs for it; of its route, until its consumer is known to bring plugins along. */
  chain: Chain = EMPTY;
  node: Node | undefined;
  /** What the last failure of an upstream was: the code of the system or of OpenSSL, or else its kind. */
  fault: string | undefined;
  consumer: Consumer | undefined;
  credential: Credential | undefined;
  /** Names of headers that the upstream does not see from the client, as `alike` makes them. */
  removed: Set<string> | undefined;
  /** Headers that the upstream sees besides, names and values in turn. */
  added: string[] | undefined;
  /** Headers that the client sees besides, likewise. */
  responseAdded: string[] | undefined;
  /** What stands for `:name` and `*name` in the route's path. */
  parameters: ReadonlyMap<string, string> | undefined;
  /** The request's body, once somebody asked for it. */
  content: RequestBody | undefined;
  bodyAsked = false;
  /** The head of the answer, once there is one. */
  head: ResponseHead | undefined;
  /** Bytes of its body so far. */
  bodyBytes = 0;
  /** The statuses that attempts at nodes came to. */
  attempts: number[] | undefined;
  /** When the last node was asked, and when the head and the end of its response came, by `performance.now()`. */
  askedAt = 0;
  headAt = 0;
  endedAt = 0;
  /** When it began, by the same clock. */
  readonly began = performance.now();
  /** The path decoded, each byte a character: what routes are matched against. */
  uri: string;
  #origin: Origin | undefined;
  #details: ExchangeDetails | undefined;
  #notes: Map<object, unknown> | undefined;

  constructor(
    readonly req: GatewayRequest,
    readonly res: GatewayResponse,
    readonly table: RoutingTable,
    target: Target,
    /** The Host to pass on, as sent. */
    readonly authority: string,
    /** Its name as routes compare it. */
    readonly host: string,
  ) {
    this.path = target.path;
    this.query = target.query;
    this.uri = target.decoded;
  }

  get method(): string {
    return this.req.method ?? '';
  }

  /** Where the request comes from. */
  get origin(): Origin {
    this.#origin ??= originOf(this);
    return this.#origin;
  }

  get address(): string {
    return this.origin.address;
  }

  get scheme(): string {
    return this.origin.proto;
  }

  get service(): Named | undefined {
    return this.route?.service;
  }

  get notes(): Map<object, unknown> {
    return (this.#notes ??= new Map());
  }

  get details(): ExchangeDetails {
    return (this.#details ??= new ExchangeDetails(this));
  }

  /** Whether the upstream is asked for a WebSocket. */
  get tunnels(): boolean {
    return this.route?.websocket === true && this.res.takeover !== undefined;
  }

  /** Bytes of the request's body (0: none), or `chunked` when its length is not known beforehand. */
  get bodySize(): number | 'chunked' {
    const { headers } = this.req;
    if (headers['transfer-encoding'] !== undefined || this.req.unmeasured) return 'chunked';
    return headers['content-length'] === undefined ? 0 : Number(headers['content-length']);
  }

  headerValues(name: string): readonly string[] {
    const raw = this.req.rawHeaders;
    const values: string[] = [];
    for (let i = 0; i < raw.length; i += 2) {
      const sent = raw[i] ?? '';
      if (sent.length === name.length && sent.toLowerCase() === name) values.push(raw[i + 1] ?? '');
    }
    return values;
  }

  cookie(name: string): string | undefined {
    return cookieIn(this.headerValues('cookie'), name);
  }

  cookieValues(name: string): readonly string[] {
    return cookiesIn(this.headerValues('cookie'), name);
  }

  variable(name: string): Value {
    return variable(name)?.get(this);
  }

  setHeader(name: string, value: string): void {
    const field = fieldOf(name, value);
    this.removeHeader(name.toLowerCase());
    (this.added ??= []).push(...field);
  }

  addHeader(name: string, value: string): void {
    (this.added ??= []).push(...fieldOf(name, value));
  }

  removeHeader(name: string): void {
    (this.removed ??= new Set()).add(alike(name));
    if (this.added) this.added = without(this.added, name);
  }

  addResponseHeader(name: string, value: string): void {
    (this.responseAdded ??= []).push(...fieldOf(name, value));
  }

  setResponseHeader(name: string, value: string): void {
    const field = fieldOf(name, value);
    const added = (this.responseAdded ??= []);
    for (let i = added.length - 2; i >= 0; i -= 2) {
      const other = added[i] ?? '';
      if (other.length === name.length && other.toLowerCase() === name.toLowerCase()) added.splice(i, 2);
    }
    added.push(...field);
  }

  async body(limit: number): Promise<Buffer | undefined> {
    const { bodySize, res } = this;
    this.bodyAsked = true;
    if (bodySize === 0) return Buffer.alloc(0);
    if (bodySize !== 'chunked' && bodySize > limit) return undefined;
    // a client that stops sending is told so, as it is while its body is forwarded
    res.forwarding ??= { abandon() {}, expire: () => respond(res, { status: 408 }, true) };
    this.content ??= new RequestBody(this.req);
    return this.content.read(limit, res);
  }

  argumentValues(name: string): readonly (string | true)[] {
    return this.query === undefined ? [] : argumentValues(this.query, name);
  }

  removeArgument(name: string): void {
    if (this.query !== undefined) this.query = withoutArgument(this.query, name);
  }

  removeCookie(name: string): void {
    const rest = withoutCookie(this.details.forwardedValues('cookie'), name);
    this.removeHeader('cookie');
    if (rest !== '') (this.added ??= []).push('Cookie', rest);
  }

  attach(credential: Credential): void {
    if (typeof credential.consumer.username !== 'string') throw new TypeError('a plugin attached a consumer without a name');
    this.credential = credential;
    this.consumer = credential.consumer;
  }
}
