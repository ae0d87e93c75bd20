import { once } from 'node:events';
import http2, { type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders, type OutgoingHttpHeaders, type SecureClientSessionOptions } from 'node:http2';
import net, { type Socket } from 'node:net';
import type { Closing } from './gateway.js';

/** Opens a session that ends after the test. */
export function openSession(closing: Closing, url: string, options: SecureClientSessionOptions = {}): ClientHttp2Session {
  const session = http2.connect(url, { rejectUnauthorized: false, ...options });
  session.on('error', () => {});
  closing.after(() => session.destroy());
  return session;
}

/** What came of a request: its answer, or the code that its stream was reset with. */
export interface Outcome {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly trailers: IncomingHttpHeaders;
  readonly reset: number;
}

/** Follows a stream to its end. */
export async function outcomeOf(stream: ClientHttp2Stream): Promise<Outcome> {
  let headers: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  let body = '';
  stream.on('error', () => {});
  stream.on('response', (head) => (headers = head));
  stream.on('trailers', (tail) => (trailers = tail));
  stream.setEncoding('latin1').on('data', (text: string) => (body += text));
  // `once` of events would reject with the stream's error
  if (!stream.destroyed) await new Promise<void>((resolve) => stream.once('close', resolve));
  const { [':status']: status, ...rest } = headers;
  return { status: status === undefined ? undefined : Number(status), headers: rest, body, trailers, reset: stream.rstCode };
}

/** Asks once. */
export function ask2(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string): Promise<Outcome> {
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  return outcomeOf(stream);
}

/** Whether the HTTP/2 library of this Node is that version, or a newer one: some requests it answers itself, each in its own way. */
export function nghttp2Since(major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = (process.versions['nghttp2'] ?? '').split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** A frame of HTTP/2 (RFC 9113, section 4.1). */
export function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Fields as HPACK literals that nobody indexes (RFC 7541, section 6.2.2). */
export function literals(fields: readonly (readonly [string, string])[]): Buffer {
  const text = (value: string): Buffer => {
    const bytes = Buffer.from(value, 'latin1');
    if (bytes.length < 127) return Buffer.concat([Buffer.of(bytes.length), bytes]);
    const rest = bytes.length - 127;
    return Buffer.concat([Buffer.of(127, (rest & 127) | 128, rest >> 7), bytes]);
  };
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.of(0), text(name), text(value)]));
}

/** A connection on which frames are written by hand. */
export async function rawSession(closing: Closing, port: number): Promise<{ readonly socket: Socket; readonly frames: { type: number; flags: number; stream: number; payload: Buffer }[]; closed(): boolean }> {
  const socket = net.connect(port, '127.0.0.1').setNoDelay(true);
  socket.on('error', () => socket.destroy());
  closing.after(() => socket.destroy());
  await once(socket, 'connect');
  const frames: { type: number; flags: number; stream: number; payload: Buffer }[] = [];
  let pending = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    pending = Buffer.concat([pending, bytes]);
    while (pending.length >= 9 && pending.length >= 9 + pending.readUIntBE(0, 3)) {
      const length = pending.readUIntBE(0, 3);
      frames.push({ type: pending.readUInt8(3), flags: pending.readUInt8(4), stream: pending.readUInt32BE(5), payload: pending.subarray(9, 9 + length) });
      pending = pending.subarray(9 + length);
    }
  });
  socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(4, 0, 0)]));
  return { socket, frames, closed: () => socket.destroyed || socket.readableEnded };
}
