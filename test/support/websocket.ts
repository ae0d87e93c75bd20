import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { Closing } from './gateway.js';
import { connect, get, type RawClient } from './raw.js';
import { values, type Message } from './message.js';
import { startUpstream, type RawUpstream } from './upstream.js';

/** The key of every raw handshake here. */
export const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** What a client asks for a WebSocket with. */
export function handshake(path = '/', headers = ''): string {
  return get(path, `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n${headers}`);
}

/** The 101 that a server owes to a handshake. */
export function switching(request: Message, headers = ''): string {
  const accept = createHash('sha1').update(`${values(request, 'sec-websocket-key')[0] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${headers}\r\n`;
}

/** A configuration of one open route that passes WebSockets on. */
export function tunnelTo(port: number, route = '', gateway = ''): string {
  return `routes: [{id: ws, uri: /*, enable_websocket: true, upstream_id: up${route && `, ${route}`}}]\n`
    + `upstreams: [{id: up, nodes: {"127.0.0.1:${port}": 1}}]\ngateway: {${gateway}}`;
}

/** Starts an upstream that switches each handshake; what follows is in the bytes that `sent` returns. */
export async function startSwitching(closing: Closing): Promise<RawUpstream & { sent(connection: number): string }> {
  const switched = new Map<number, string>();
  const upstream = await startUpstream(closing, (request, socket) => {
    socket.removeAllListeners('data');
    switched.set(request.connection, request.rest);
    socket.on('data', (text: string) => switched.set(request.connection, (switched.get(request.connection) ?? '') + text));
    return switching(request);
  });
  return { ...upstream, sent: (connection) => switched.get(connection) ?? '' };
}

/** Connects a raw client and waits for its tunnel; what it has received then is what followed the 101. */
export async function tunnel(closing: Closing, port: number, request = handshake()): Promise<RawClient> {
  const client = await connect(closing, port);
  client.send(request);
  await client.until(() => client.received.includes('\r\n\r\n') || client.closed);
  const [head = '', ...rest] = client.received.split('\r\n\r\n');
  if (!head.startsWith('HTTP/1.1 101 ')) throw new Error(`no tunnel: ${head}`);
  client.received = rest.join('\r\n\r\n');
  return client;
}

/** Starts a WebSocket server; `act` is told of each connection. */
export async function startServer(closing: Closing, act: (socket: WebSocket) => void, options = {}): Promise<number> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 0, ...options });
  server.on('connection', (socket) => {
    socket.on('error', () => socket.terminate());
    act(socket);
  });
  await once(server, 'listening');
  closing.after(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Opens a WebSocket; it is cut after the test. */
export async function open(closing: Closing, port: number, options = {}): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/chat`, { maxPayload: 0, ...options });
  closing.after(() => socket.terminate());
  await once(socket, 'open');
  return socket;
}
