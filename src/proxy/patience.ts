import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { Timeouts } from '../upstream/upstream.js';

/** What is waited for: the upstream in one of three ways, or the client that sends its body or reads the answer. */
export type Wait = keyof Timeouts | 'sender' | 'reader';

/** Milliseconds that a client may pause; far more for a reader, since one write that ends late is all that is seen of it. */
const CLIENT = { sender: 60_000, reader: 300_000 };

/**
 * Waits for an upstream for as long as its timeouts allow: to connect, between two writes of the request, between two
 * reads of the answer. Time that the client takes is not the upstream's, and has limits of its own. Expires at most
 * two fifths of the shortest timeout late.
 */
export function limitTime(upstream: ClientRequest, req: IncomingMessage, res: ServerResponse, timeouts: Timeouts, expire: (wait: Wait) => void): void {
  const limits: Readonly<Record<Wait, number>> = { ...timeouts, ...CLIENT };
  const tick = Math.min(...Object.values(limits)) / 5;
  let last = progress(upstream, req, res);
  // looks are counted, not time: after a stall of this process the first look comes before what arrived meanwhile
  let quiet = 0;
  const timer = setInterval(() => {
    const now = progress(upstream, req, res);
    quiet = now.wait === last.wait && now.bytes === last.bytes ? quiet + 1 : 0;
    last = now;
    if (quiet * tick >= limits[now.wait]) expire(now.wait);
  }, tick);
  upstream.once('close', () => clearInterval(timer));
}

interface Progress {
  readonly wait: Wait;
  readonly bytes: number;
}

function progress(upstream: ClientRequest, req: IncomingMessage, res: ServerResponse): Progress {
  const { socket } = upstream;
  if (!socket || socket.connecting) return { wait: 'connect', bytes: 0 };
  if (!upstream.writableFinished) {
    const asked = !upstream.writableEnded && !upstream.writableNeedDrain;
    return asked ? { wait: 'sender', bytes: req.socket.bytesRead } : { wait: 'send', bytes: socket.bytesWritten };
  }
  if (res.writableNeedDrain) return { wait: 'reader', bytes: req.socket.bytesWritten - req.socket.writableLength };
  return { wait: 'read', bytes: socket.bytesRead };
}
