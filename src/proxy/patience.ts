import type { ClientRequest, ServerResponse } from 'node:http';
import type { Timeouts } from '../upstream/upstream.js';

/**
 * Waits for an upstream for as long as its timeouts allow: to connect, between two writes of the request, between two
 * reads of the answer. Time that the client takes, to send its body or to read the answer, is not the upstream's.
 * Expires at most two fifths late.
 */
export function limitTime(upstream: ClientRequest, res: ServerResponse, limits: Timeouts, expire: () => void): void {
  const tick = Math.min(limits.connect, limits.send, limits.read) / 5;
  let last = progress(upstream, res);
  // looks are counted, not time: after a stall of this process the first look comes before what arrived meanwhile
  let quiet = 0;
  const timer = setInterval(() => {
    const now = progress(upstream, res);
    quiet = now.phase !== last.phase || now.bytes !== last.bytes || now.client ? 0 : quiet + 1;
    if (quiet * tick >= limits[now.phase]) expire();
    last = now;
  }, tick);
  upstream.once('close', () => clearInterval(timer));
}

interface Progress {
  readonly phase: keyof Timeouts;
  readonly bytes: number;
  /** Whether it is the client that is waited for. */
  readonly client: boolean;
}

function progress(upstream: ClientRequest, res: ServerResponse): Progress {
  const { socket } = upstream;
  if (!socket || socket.connecting) return { phase: 'connect', bytes: 0, client: false };
  if (!upstream.writableFinished) return { phase: 'send', bytes: socket.bytesWritten, client: !upstream.writableEnded && !upstream.writableNeedDrain };
  return { phase: 'read', bytes: socket.bytesRead, client: res.writableNeedDrain };
}
