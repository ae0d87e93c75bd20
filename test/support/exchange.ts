import { Exchange as ProxyExchange, type GatewayRequest, type GatewayResponse } from '../../src/proxy/exchange.js';
import { hostName } from '../../src/proxy/host.js';
import { parseTarget } from '../../src/proxy/path.js';
import type { RoutingTable } from '../../src/compile/table.js';

/** What a request that nobody sent is made of. */
export interface Given {
  readonly method?: string;
  readonly url?: string;
  readonly host?: string;
  /** Names and values in turn, besides Host. */
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly address?: string;
}

/** An exchange without a connection, whose body has been read. */
export function exchangeOf({ method = 'GET', url = '/', host = 'shop.example', headers = [], body = '', address = '127.0.0.1' }: Given): ProxyExchange {
  const target = parseTarget(url);
  if (!target) throw new Error(`no target: ${url}`);
  const socket = { remoteAddress: address, remotePort: 40_000, localAddress: '127.0.0.1', localPort: 9080 };
  const lower = Object.fromEntries(headers.flatMap((name, i) => (i % 2 === 0 ? [[name.toLowerCase(), headers[i + 1]]] : [])));
  const req = { method, url, httpVersion: '1.1', rawHeaders: ['Host', host, ...headers], headers: { host, ...lower, ...(body && { 'content-length': String(Buffer.byteLength(body)) }) }, socket } as unknown as GatewayRequest;
  const res = { headersSent: false } as GatewayResponse;
  const x = new ProxyExchange(req, res, { settings: {} } as RoutingTable, target, host, hostName(host) ?? '');
  if (body !== '') Object.assign(x, { bodyAsked: true });
  if (body !== '') x.content = { whole: Buffer.from(body) } as typeof x.content;
  return x;
}
