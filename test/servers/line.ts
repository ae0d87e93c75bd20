import { once } from 'node:events';
import net from 'node:net';
import type { Message } from '../support/message.js';
import { RawClient } from '../support/raw.js';

/** Asks one thing after another over one connection, and connects again after it was closed. */
export class RawLine {
  #client: RawClient | undefined;

  constructor(private readonly port: number) {}

  /** Resolves to the answer, undefined when the connection was cut before it was whole or nothing came for 5 s. */
  async ask(request: string, method = 'GET'): Promise<Message | undefined> {
    if (!this.#client || this.#client.closed) this.#client = await openClient(this.port);
    const client = this.#client;
    const answer = await client.send(request).response(method, 5000).catch(() => undefined);
    const last = answer?.headers.some(([name, value]) => name.toLowerCase() === 'connection' && value === 'close') ?? true;
    // more than was asked for belongs to nobody
    if (!last && client.received === '') return answer;
    this.close();
    return client.received === '' ? answer : undefined;
  }

  close(): void {
    this.#client?.socket.destroy();
    this.#client = undefined;
  }
}

/** Connects. */
export async function openClient(port: number): Promise<RawClient> {
  const client = new RawClient(net.connect({ port, host: '127.0.0.1', noDelay: true }));
  await once(client.socket, 'connect');
  return client;
}
