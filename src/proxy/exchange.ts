import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { EMPTY, type Chain } from '../compile/chain.js';
import type { Route } from '../compile/route.js';
import type { RoutingTable } from '../compile/table.js';
import type { Consumer, Credential, Exchange as PluginExchange } from '../plugins/plugin.js';
import type { Node } from '../upstream/upstream.js';
import type { Connections } from './connections.js';
import { originOf, type Origin } from './origin.js';
import type { Target } from './path.js';
import type { Takeover } from './takeover.js';
import { argumentValues, withoutArgument } from './query.js';

/** A request as it comes in, with the exchange that it became. */
export class GatewayRequest extends IncomingMessage {
  exchange: Exchange | undefined;
  /** The client waits for 100 Continue before it sends its body. */
  expectsContinue = false;
  /** It expects something else, which nobody here can meet. */
  expectsTheUnknown = false;
  /** It has been told to send it. */
  continued = false;
}

/** A response on its way out, and what ends with it. */
export class GatewayResponse<R extends IncomingMessage = GatewayRequest> extends ServerResponse<R> {
  table: RoutingTable | undefined;
  /** Who is told of bugs of ours. */
  keeper: { report(error: unknown): void } | undefined;
  forwarding: { abandon(): void; expire(): void } | undefined;
  connections: Connections | undefined;
  /** Of a request for a WebSocket: its connection, which Node has let go of. */
  takeover: Takeover | undefined;
  /** The connection that it goes to; Node forgets it at the end. */
  client: Socket | undefined;
  /** The answer before it on its connection, while that is not over. */
  earlier: GatewayResponse | undefined;
  /** It is sent, or its connection is lost. */
  over = false;
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
  /** Header names (lower case) that the upstream does not see. */
  removed: Set<string> | undefined;
  #origin: Origin | undefined;

  constructor(
    readonly req: GatewayRequest,
    readonly res: GatewayResponse,
    readonly table: RoutingTable,
    target: Target,
    /** The Host to pass on, as sent. */
    readonly authority: string,
  ) {
    this.path = target.path;
    this.query = target.query;
  }

  get method(): string {
    return this.req.method ?? '';
  }

  /** Where the request comes from. */
  get origin(): Origin {
    this.#origin ??= originOf(this);
    return this.#origin;
  }

  /** Whether the upstream is asked for a WebSocket. */
  get tunnels(): boolean {
    return this.route?.websocket === true && this.res.takeover !== undefined;
  }

  /** Bytes of the request's body (0: none), or `chunked` when its length is not known beforehand. */
  get bodySize(): number | 'chunked' {
    const { headers } = this.req;
    if (headers['transfer-encoding'] !== undefined) return 'chunked';
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

  removeHeader(name: string): void {
    this.removed ??= new Set();
    this.removed.add(name);
  }

  argumentValues(name: string): readonly (string | true)[] {
    return this.query === undefined ? [] : argumentValues(this.query, name);
  }

  removeArgument(name: string): void {
    if (this.query !== undefined) this.query = withoutArgument(this.query, name);
  }

  attach(credential: Credential): void {
    this.credential = credential;
    this.consumer = credential.consumer;
  }
}
