import type { IncomingMessage } from 'node:http';
import type { ResponseHead } from '../http1/index.js';
import type { Connections } from './connections.js';
import type { GatewayRequest } from './exchange.js';
import { Http1Request } from './http1-request.js';

/**
 * The class of a server's requests, of which each says itself whether Node lets go of its connection.
 *
 * Node asks each request's `upgrade`, which its parser sets for any `Upgrade` header, and as soon as something listens
 * for upgrades it takes each of them for one: an h2c offer would end its connection without an answer. Newer versions
 * have an option for it (`shouldUpgradeCallback`), Node 20 has none; this holds for all of them.
 */
export function requestClass(connections: Connections): typeof GatewayRequest {
  return class extends Http1Request {
    #offered = false;
    #taken: boolean | undefined;

    get upgrade(): boolean {
      if (!(#offered in this) || !this.#offered) return false;
      // an answer that is still due would be lost, and on a connection that is ending none follows; a server may ignore
      // what a client offers
      this.#taken ??= this.method === 'CONNECT' || (isHandshake(this) && this.socket.writable && !connections.waiting(this.socket));
      return this.#taken;
    }

    set upgrade(offered: boolean | null) {
      // Node's constructor sets it before there is anything of ours
      if (#offered in this) this.#offered = offered === true;
    }
  };
}

/** Whether a request, of which Node's parser says that it offers an upgrade, asks for a WebSocket (RFC 6455, section 4.2.1). */
function isHandshake({ method, httpVersion, headers }: IncomingMessage): boolean {
  return method === 'GET' && httpVersion === '1.1' && namesWebSocket(headers.upgrade) && headers['sec-websocket-key'] !== undefined
    && headers.expect === undefined && headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
}

/** Whether the head of a 101 says that WebSocket follows it. */
export function switchesToWebSocket({ headers }: ResponseHead): boolean {
  return headers.some((name, i) => i % 2 === 0 && name.toLowerCase() === 'upgrade' && namesWebSocket(headers[i + 1]));
}

/** Whether the value of an Upgrade header names WebSocket. */
function namesWebSocket(upgrade: string | undefined): boolean {
  return upgrade?.split(',').some((protocol) => protocol.trim().toLowerCase() === 'websocket') ?? false;
}
