import http, { type Server, type ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import { GatewayRequest, GatewayResponse } from './exchange.js';
import type { Gateway } from './gateway.js';
import { handle } from './handle.js';
import { requestClass } from './handshake.js';
import { http2Door } from './http2/server.js';
import { errorPage } from './respond.js';
import { takeOver } from './takeover.js';
import { Handshakes } from './tls-door.js';

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

/** How a server is spoken to. */
export interface Protocols {
  readonly tls: boolean;
  /** Whether HTTP/2 is spoken beside HTTP/1.1; without TLS to clients that know beforehand (RFC 9113, section 3.3). */
  readonly http2: boolean;
}

/** Makes an HTTP server (not listening) whose requests go through a gateway. */
export function createServer(gateway: Gateway, { tls, http2 }: Protocols = PLAIN): Server<typeof GatewayRequest, typeof GatewayResponse> {
  const server = createPlainServer(gateway);
  if (!tls && !http2) return server;
  const takers = server.listeners('connection') as ((socket: Socket) => void)[];
  const one = (socket: Socket): void => takers.forEach((take) => take.call(server, socket));
  const two = http2 ? http2Door(gateway) : one;
  server.removeAllListeners('connection');
  server.on('connection', tls ? takeTls(gateway, http2, one, two) : takeEither(gateway, one, two));
  return server;
}

const PLAIN: Protocols = { tls: false, http2: false };

type Take = (socket: Socket) => void;

/** Makes the handshake, in which the client chooses its version of HTTP. */
function takeTls(gateway: Gateway, http2: boolean, one: Take, two: Take): Take {
  const handshakes = new Handshakes(gateway, {
    protocols: http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
    serve: (socket) => (socket.alpnProtocol === 'h2' ? two(socket) : one(socket)),
    refuse: (socket) => {
      // which closes what its client does not
      gateway.connections.open(socket);
      refuse(400, socket.on('error', () => socket.destroy()).resume());
    },
  });
  return (socket) => handshakes.begin(socket);
}

/** Goes by the first bytes: HTTP/2 begins with a preface of its own. */
function takeEither(gateway: Gateway, one: Take, two: Take): Take {
  return (socket) => gateway.openings.read(socket, gateway.table.settings.clients.header, isPreface, (preface) => (preface ? two(socket) : one(socket)));
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

function isPreface(bytes: Buffer): boolean | undefined {
  const length = Math.min(bytes.length, PREFACE.length);
  if (PREFACE.compare(bytes, 0, length, 0, length) !== 0) return false;
  return length === PREFACE.length ? true : undefined;
}

function createPlainServer(gateway: Gateway): Server<typeof GatewayRequest, typeof GatewayResponse> {
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
