import { IncomingMessage, type ServerResponse } from 'node:http';
import type { Route } from '../compile/route.js';
import type { RoutingTable } from '../compile/table.js';
import type { Consumer, Credential, Exchange as PluginExchange } from '../plugins/plugin.js';
import type { Node } from '../upstream/upstream.js';
import type { Target } from './path.js';
import { argumentValues, withoutArgument } from './query.js';

/** A request as it comes in, with the exchange that it became. */
export class GatewayRequest extends IncomingMessage {
  exchange: Exchange | undefined;
  /** The client waits for 100 Continue before it sends its body. */
  expectsContinue = false;
}

/** One request and its answer, on the table that it began with. */
export class Exchange implements PluginExchange {
  readonly started = performance.now();
  readonly path: string;
  /** As it goes to the upstream, without `?`; undefined when there is none. */
  query: string | undefined;
  route: Route | undefined;
  node: Node | undefined;
  consumer: Consumer | undefined;
  credential: Credential | undefined;
  /** Header names (lower case) that the upstream does not see. */
  removed: Set<string> | undefined;

  constructor(
    readonly req: GatewayRequest,
    readonly res: ServerResponse,
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
