import { constants, createServer, type Http2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Gateway } from '../gateway.js';
import { handle } from '../handle.js';
import { respond } from '../respond.js';
import { Http2Request } from './request.js';
import { Http2Response } from './response.js';

/** Bytes of a request's fields, counted as RFC 9113 does, above which its stream is reset. */
const HEADERS = 32 * 1024;

/** What clients are told, and what Node and nghttp2 hold them to: beyond these a stream or its session is reset. */
const OPTIONS = {
  // those of its fields, and HTTP/2's own; the request path refuses too many
  maxHeaderListPairs: 1010,
  maxSessionMemory: 10,
  maxSettings: 32,
  maxSessionInvalidFrames: 100,
  maxSessionRejectedStreams: 100,
  unknownProtocolTimeout: 1000,
  settings: { maxConcurrentStreams: 128, maxHeaderListSize: HEADERS, initialWindowSize: 256 * 1024, enablePush: false },
} as const;

/** Bytes that a client may send on all streams of a connection before some of them are read. */
const WINDOW = 1024 * 1024;

/** Makes what takes connections that speak HTTP/2; their requests go the way of all others. */
export function http2Door(gateway: Gateway): (socket: Socket) => void {
  const server = createServer(OPTIONS);
  const sockets = new WeakMap<Http2Session, Socket>();
  server.on('sessionError', ignore);
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw?: string[]) => {
    stream.on('error', ignore);
    const socket = stream.session && sockets.get(stream.session);
    // one that was reset meanwhile is nobody's any more
    if (!stream.session || !socket) return;
    if (stream.destroyed || stream.closed) gateway.sessions.lose(stream.session);
    else serve(gateway, stream.session, stream, socket, headers, raw ?? []);
  });
  return (socket) => {
    server.once('session', (session: Http2Session) => {
      sockets.set(session, socket);
      session.setLocalWindowSize(WINDOW);
      // these sockets may stay half open, and a session does not end with its client's half: nobody would read the answers
      socket.once('end', () => session.destroy(undefined, constants.NGHTTP2_CANCEL));
      gateway.sessions.open(session);
    });
    server.emit('connection', socket);
  };
}

const ignore = (): void => {};

function serve(gateway: Gateway, session: Http2Session, stream: ServerHttp2Stream, socket: Socket, headers: IncomingHttpHeaders, raw: readonly string[]): void {
  const req = new Http2Request(stream, socket, headers, raw);
  const res = new Http2Response(req, stream);
  gateway.sessions.begin(session, res);
  if (req.method === 'CONNECT') respond(res, { status: 405 });
  else handle(gateway, req, res);
}
