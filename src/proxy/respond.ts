import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { HeaderFilter } from '../compile/chain.js';
import type { Reply } from '../plugins/plugin.js';
import type { GatewayResponse } from './exchange.js';

/**
 * Sends a reply of the gateway's own: a text as it is, an object as JSON, a bare status of 300 and above as a page.
 * Plugins that change the heads of answers change this one too.
 */
export function respond(res: GatewayResponse, reply: Reply, close = false): void {
  try {
    send(res, reply, close, res.req.exchange?.chain.headerFilters ?? NO_FILTERS);
  } catch (error) {
    // a bug of a plugin: the client gets no answer that it did not shape
    res.keeper?.report(error);
    respondBare(res, { status: 500 }, close);
  }
}

/** Sends a reply that no plugin changes. */
export function respondBare(res: GatewayResponse, reply: Reply, close = false): void {
  send(res, reply, close, NO_FILTERS);
}

const NO_FILTERS: readonly HeaderFilter[] = [];

function send(res: GatewayResponse, reply: Reply, close: boolean, filters: readonly HeaderFilter[]): void {
  if (res.headersSent) {
    // too late for an answer: a cut connection cannot be taken for a whole response
    res.destroy();
    return;
  }
  const page = reply.body === undefined && reply.status >= 300;
  const text = page ? errorPage(reply.status) : bodyBytes(reply.body);
  const head = { status: reply.status, headers: ['Server', 'gateway', ...(reply.headers ?? [])] };
  if (!hasType(reply.headers)) head.headers.unshift('Content-Type', page ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8');
  const { exchange } = res.req;
  if (exchange) {
    if (exchange.responseAdded) head.headers.push(...exchange.responseAdded);
    exchange.head = head;
    exchange.bodyBytes = text.length;
    for (const filter of filters) filter(exchange, head);
  }
  const { status, headers } = head;
  if (status !== 204 && status !== 304) headers.push('Content-Length', String(text.length));
  // Node says so to the client
  if (close) res.shouldKeepAlive = false;
  if (res.shouldKeepAlive && res.connections) headers.push('Keep-Alive', res.connections.hint);
  // with the reason: one of a head that failed may be left on the response
  res.writeHead(status, STATUS_CODES[status] ?? '', headers);
  endWhole(res, text);
}

const hasType = (headers: Reply['headers']): boolean => headers?.some((name, i) => i % 2 === 0 && name.toLowerCase() === 'content-type') === true;

/**
 * Ends a response whose body (each byte a character, as in its head) is here whole, so that both leave in one write.
 * `end` with a body adds an empty second piece, and the gathering write of two pieces costs half as much again.
 */
export function endWhole(res: ServerResponse, body: string): void {
  const { socket } = res;
  if (!socket || body === '' || res.req.method === 'HEAD' || res.statusCode === 204 || res.statusCode === 304) {
    res.end(body, 'latin1');
    return;
  }
  // held back by us and not by Node, which would look after it once more in a later turn
  socket.cork();
  res.write(body, 'latin1');
  socket.uncork();
  res.end();
}

/** The reply when no route matches. */
export const NOT_FOUND: Reply = { status: 404, body: { error_msg: '404 Route Not Found' } };

/** A body, each byte a character. */
function bodyBytes(body: Reply['body']): string {
  return body instanceof Uint8Array ? Buffer.from(body).toString('latin1') : bytesOf(bodyText(body));
}

function bodyText(body: Reply['body']): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
}

/** A text as UTF-8, each byte a character: Node writes a body in one piece with its head, in one encoding. */
function bytesOf(text: string): string {
  return /[^\x00-\x7f]/.test(text) ? Buffer.from(text).toString('latin1') : text;
}

/** The page of a status, in the shape that users of nginx and APISIX know. */
export function errorPage(status: number): string {
  const title = `${status} ${TITLES[status] ?? STATUS_CODES[status] ?? 'Error'}`;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>gateway</center>\r\n</body>\r\n</html>\r\n`;
}

/** nginx's titles where they are not Node's. */
const TITLES: Readonly<Record<number, string>> = {
  302: 'Found', 405: 'Not Allowed', 413: 'Request Entity Too Large', 414: 'Request-URI Too Large',
  431: 'Request Header Fields Too Large', 503: 'Service Temporarily Unavailable', 504: 'Gateway Time-out',
};
