import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { takeRequest } from '../support/message.js';
import type { Findings } from './findings.js';
import { Random } from './mutate.js';
import { spoiltResponse } from './responses.js';

/** An upstream of a run. */
export interface FuzzUpstream {
  readonly port: number;
  close(): void;
}

const HONEST = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** Answers honestly, and takes offence at anything that is no request. */
export function honestUpstream(findings: Findings): Promise<FuzzUpstream> {
  return listen((socket) => read(socket, findings, () => void socket.write(HONEST)));
}

/** Answers each request with a spoilt response; then ends, resets, or waits for what comes. */
export function spoilingUpstream(findings: Findings, seed: number): Promise<FuzzUpstream> {
  return listen((socket) => read(socket, findings, () => {
    const random = new Random(seed, findings.responses++);
    const response = spoiltResponse(random);
    const cut = random.once(3) ? random.below(response.length + 1) : response.length;
    socket.write(response.slice(0, cut), 'latin1');
    setImmediate(() => {
      if (socket.destroyed) return;
      socket.write(response.slice(cut), 'latin1', () => leave(random, socket));
    });
  }));
}

function leave(random: Random, socket: Socket): void {
  const how = random.below(20);
  if (how === 0) socket.resetAndDestroy();
  else if (how < 16) socket.end();
}

function read(socket: Socket, findings: Findings, answer: () => void): void {
  let pending = '';
  socket.on('data', (text: string) => {
    pending += text;
    try {
      for (let message = takeRequest(pending, true); message; message = takeRequest(pending, true)) {
        pending = message.rest;
        answer();
      }
    } catch (error) {
      findings.fail(`the upstream got what is no request (${String(error)})`, pending);
      socket.destroy();
    }
  });
}

async function listen(act: (socket: Socket) => void): Promise<FuzzUpstream> {
  const sockets = new Set<Socket>();
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket.setEncoding('latin1'));
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    act(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
