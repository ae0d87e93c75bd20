import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { Closing } from './gateway.js';
import { takeRequest, type Message } from './message.js';

/** A request as an upstream read it. */
export interface Received extends Message {
  /** The number of its connection, from 0. */
  readonly connection: number;
  readonly method: string;
  /** The request target, as it came. */
  readonly target: string;
}

/** A listening port and who connected to it. */
export interface Connections {
  readonly port: number;
  readonly sockets: readonly Socket[];
  /** Connections that are open now. */
  open(): number;
}

/** An upstream that records every byte. */
export interface RawUpstream extends Connections {
  /** What each connection sent (one character per byte). */
  readonly bytes: readonly string[];
  readonly requests: readonly Received[];
  /** What was no request at all. */
  readonly garbage: readonly string[];
}

/** Answers a request: bytes to send, or what is done with the socket. */
export type Script = (request: Received, socket: Socket) => string | Buffer | void;

/** A plain answer. */
export function answer(body = 'ok', headers = '', status = '200 OK'): string {
  return `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`;
}

/** Starts an upstream which reads requests strictly and answers each by a script. */
export async function startUpstream(closing: Closing, script: Script = () => answer()): Promise<RawUpstream> {
  const bytes: string[] = [];
  const requests: Received[] = [];
  const garbage: string[] = [];
  const hostile = await startHostile(closing, (socket, connection) => {
    let pending = '';
    bytes[connection] = '';
    socket.on('data', (text: string) => {
      bytes[connection] += text;
      pending += text;
      try {
        for (let message = takeRequest(pending); message; message = takeRequest(pending)) {
          pending = message.rest;
          const [method = '', target = ''] = message.start.split(' ');
          const request = { ...message, connection, method, target };
          requests.push(request);
          const reply = script(request, socket);
          if (reply !== undefined) socket.write(reply, 'latin1');
        }
      } catch (error) {
        garbage.push(`${String(error)} in ${JSON.stringify(pending.slice(0, 300))}`);
        socket.destroy();
      }
    });
  });
  return { ...hostile, bytes, requests, garbage };
}

/** Starts an upstream that does what it likes with each connection. */
export async function startHostile(closing: Closing, act: (socket: Socket, connection: number) => void): Promise<Connections> {
  const sockets: Socket[] = [];
  const server = net.createServer({ noDelay: true }, (socket) => {
    socket.setEncoding('latin1');
    // resets are a part of the play
    socket.on('error', () => socket.destroy());
    act(socket, sockets.push(socket) - 1);
    // or it would not see the other side's end
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, sockets, open: () => sockets.filter((s) => !s.destroyed).length };
}

/** A port where nobody listens. */
export async function refusing(): Promise<number> {
  let close = (): unknown => undefined;
  const { port } = await startHostile({ after: (then) => void (close = then) }, () => {});
  close();
  return port;
}
