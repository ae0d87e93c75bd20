import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { openClient } from './line.js';

const PIECE = Buffer.alloc(64 * 1024);

/** Sends zeros as fast as they are taken; `tell` is told how many have left this process. */
export function sendMuch(to: Writable & { readonly socket?: { readonly writableLength: number } | null }, total: number, tell: (sent: number) => void, end: () => void = () => to.end()): void {
  let written = 0;
  const go = (): void => {
    let free = true;
    while (free && written < total && !to.destroyed) {
      free = to.write(PIECE);
      written += PIECE.length;
      tell(written - to.writableLength);
    }
    if (written < total) to.once('drain', go);
    else end();
  };
  go();
}

/** Reads no faster than so many bytes a second; `tell` is told of all that was read. */
export function readSlowly(from: Readable, rate: number, tell: (taken: number) => void, end: () => void): void {
  const start = performance.now();
  let taken = 0;
  from.on('data', (chunk: Buffer) => {
    tell(taken += chunk.length);
    const early = (taken / rate) * 1000 - (performance.now() - start);
    if (early < 1) return;
    from.pause();
    setTimeout(() => from.resume(), early);
  });
  from.once('end', end);
  // cut off: whoever asked counts what came
  from.once('error', end);
}

/** Downloads at a rate; resolves to the bytes of the body. */
export async function pull(port: number, rate: number, tell: (taken: number) => void, deadline: number): Promise<number> {
  const req = http.get({ port, host: '127.0.0.1', path: '/big', agent: false, signal: AbortSignal.timeout(Math.ceil(deadline - performance.now())) });
  const [res] = await once(req, 'response') as [IncomingMessage];
  let all = 0;
  await new Promise<void>((resolve) => readSlowly(res, rate, (taken) => tell(all = taken), resolve));
  return all;
}

/** Uploads as fast as it is taken; resolves to the body of the answer. */
export async function push(port: number, total: number, tell: (sent: number) => void, deadline: number): Promise<string> {
  const client = await openClient(port);
  const { socket } = client;
  client.send(`POST /up/x HTTP/1.1\r\nHost: h\r\nContent-Length: ${total}\r\nConnection: close\r\n\r\n`);
  sendMuch(socket, total, tell, () => {});
  const answer = await client.response('POST', deadline - performance.now()).finally(() => socket.destroy());
  return answer?.body ?? 'none';
}
