import http, { type Server, type ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import { GatewayRequest, GatewayResponse } from './exchange.js';
import type { Gateway } from './gateway.js';
import { handle } from './handle.js';
import { requestClass } from './handshake.js';
import { errorPage } from './respond.js';
import { takeOver } from './takeover.js';

const OPTIONS: ServerOptions<typeof GatewayRequest, typeof GatewayResponse> = {
  ServerResponse: GatewayResponse,
  requestTimeout: 0,
  // the request path refuses what lacks it: an answer of Node's own would be one that nobody here knows of
  requireHostHeader: false,
  maxHeaderSize: 32 * 1024,
  // how late a timeout for a head can be
  connectionsCheckingInterval: 250,
  noDelay: true,
};

/** Makes an HTTP server (not listening) whose requests go through a gateway. */
export function createServer(gateway: Gateway): Server<typeof GatewayRequest, typeof GatewayResponse> {
  const { connections } = gateway;
  const serve = (req: GatewayRequest, res: GatewayResponse): void => {
    // after our last answer nothing is done on a connection that its client could not hear of (RFC 9112, section 9.6)
    if (!req.socket.writable || connections.ends(req.socket)) return;
    connections.begin(req.socket, res);
    // Node's parser loses what follows a request for an upgrade that nobody takes: it must come on a new connection
    if (req.headers.upgrade !== undefined) res.shouldKeepAlive = false;
    handle(gateway, req, res);
  };
  const server = http.createServer({ ...OPTIONS, IncomingMessage: requestClass(connections) }, serve);
  // no limit here: Node would drop headers beyond it silently; the request path refuses too many
  server.maxHeadersCount = 0;
  connections.follow(server);
  server.on('connection', (socket: Socket) => connections.open(socket));
  server.on('checkContinue', (req: GatewayRequest, res: GatewayResponse) => {
    req.expectsContinue = true;
    serve(req, res);
  });
  server.on('checkExpectation', (req: GatewayRequest, res: GatewayResponse) => {
    req.expectsTheUnknown = true;
    serve(req, res);
  });
  server.on('upgrade', (req: GatewayRequest, _socket, head: Buffer) => serve(req, takeOver(req, head, connections)));
  server.on('connect', ({ socket }) => {
    socket.on('error', () => socket.destroy());
    if (connections.waiting(socket)) return void socket.destroy();
    refuse(405, socket);
    socket.destroySoon();
  });
  server.on('clientError', (error: Error & { code?: string }, socket: Socket) => {
    const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    if (late && connections.postpone(socket)) return;
    // what comes behind the last request of a connection is not looked at (RFC 9112, section 9.6): its answer is still due
    if (error.code === 'HPE_CLOSED_CONNECTION' && connections.waiting(socket)) return;
    // within an answer there is no place for another: it would be taken for a part of it; nor does an answer belong where nothing was asked
    if (!socket.writable || connections.waiting(socket) || (late && socket.bytesRead === 0)) socket.destroy();
    else refuse(REFUSALS[error.code ?? ''] ?? 400, socket);
  });
  return server;
}

/** What Node's parser refuses, where that has a status of its own. */
const REFUSALS: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers what is no HTTP request, or none that is served. */
function refuse(status: number, socket: Socket): void {
  const body = errorPage(status);
  const head = [
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? ''}`, 'Server: gateway', 'Content-Type: text/html; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close', '', '',
  ];
  socket.end(head.join('\r\n') + body);
}
