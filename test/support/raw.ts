import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import type { Closing } from './gateway.js';
import { takeResponse, type Message } from './message.js';

/** A client that sends bytes as they are, and keeps what comes back (one character per byte). */
export class RawClient {
  received = '';
  /** The connection is over, by FIN or by reset. */
  closed = false;
  reset = false;

  constructor(readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (this.received += text));
    socket.on('error', (error: Error & { code?: string }) => (this.reset ||= error.code === 'ECONNRESET'));
    socket.on('close', () => (this.closed = true));
  }

  send(bytes: string): this {
    this.socket.write(bytes, 'latin1');
    return this;
  }

  /** Waits until something is so; rejects when it is not in time, telling what was received. */
  async until(so: () => boolean, milliseconds = 2000): Promise<void> {
    if (so()) return;
    await new Promise<void>((resolve, reject) => {
      const look = (): void => void (so() && settle(resolve));
      const late = (): void => settle(() => reject(new Error(`not in ${milliseconds} ms; received: ${JSON.stringify(this.received.slice(0, 600))}`)));
      const settle = (then: () => void): void => {
        clearTimeout(timer);
        this.socket.off('data', look).off('close', look);
        then();
      };
      const timer = setTimeout(late, milliseconds);
      this.socket.on('data', look).on('close', look);
    });
  }

  /** The next whole response; undefined when the connection ended before it was whole. */
  async response(method = 'GET', milliseconds = 2000): Promise<Message | undefined> {
    let message: Message | undefined;
    await this.until(() => (message = takeResponse(this.received, method, this.closed)) !== undefined || this.closed, milliseconds);
    if (message) this.received = message.rest;
    return message;
  }

  /** Waits for the end of the connection. */
  async end(milliseconds = 2000): Promise<string> {
    await this.until(() => this.closed, milliseconds);
    return this.received;
  }
}

/** Connects a raw client; it is destroyed after the test. */
export async function connect(closing: Closing, port: number): Promise<RawClient> {
  const client = new RawClient(net.connect({ port, host: '127.0.0.1', noDelay: true }));
  closing.after(() => client.socket.destroy());
  await once(client.socket, 'connect');
  return client;
}

/** Sends one request on a connection of its own; resolves to its response, undefined when it was cut. */
export async function ask(port: number, request: string, milliseconds = 2000): Promise<Message | undefined> {
  const client = new RawClient(net.connect({ port, host: '127.0.0.1', noDelay: true }));
  try {
    return await client.send(request).response(request.split(' ', 1)[0], milliseconds);
  } finally {
    client.socket.destroy();
  }
}

/** A request without a body. */
export function get(path: string, headers = '', method = 'GET'): string {
  return `${method} ${path} HTTP/1.1\r\nHost: test.local\r\n${headers}\r\n`;
}

/** Waits until something is so, looking again at each turn of the event loop. */
export async function until(so: () => boolean, milliseconds = 2000, what = ''): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!so()) {
    if (performance.now() > deadline) throw new Error(`not in ${milliseconds} ms${what && `: ${what}`}`);
    await waitOf(1);
  }
}

const waitOf = (milliseconds: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, milliseconds));
