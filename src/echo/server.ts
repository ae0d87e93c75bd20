import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { json, send } from './answer.js';
import { MAX_BODY, readBody } from './body.js';
import { answerTo } from './endpoints.js';
import { toEchoRequest } from './request.js';

/** Longer than the 60 s for which proxies commonly keep an idle connection: it is theirs to close first. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Makes a small server in the manner of httpbin, to put behind a gateway and see
 * what arrives there. It is not listening yet; `GET /` lists what it offers.
 */
export function createEchoServer(): http.Server {
  const server = http.createServer((req, res) => void exchange(req, res));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

async function exchange(req: IncomingMessage, res: ServerResponse): Promise<void> {
  try {
    await respond(req, res);
  } catch {
    // Our own mistake: this exchange fails, the server lives on.
    if (res.headersSent) return void res.destroy();
    for (const name of res.getHeaderNames()) res.removeHeader(name);
    send(res, json({ error: 'internal error' }, 500));
  }
}

async function respond(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = await readBody(req);
  if (body === 'aborted') return;
  if (body === 'too-large') return send(res, json({ error: `the body is larger than ${MAX_BODY} bytes` }, 413));
  const answer = answerTo(toEchoRequest(req, body));
  if (answer.delay !== undefined) await pause(answer.delay, res);
  if (!res.destroyed) send(res, answer);
}

/** Waits, but not for a client that has left: its timer would keep the process alive. */
function pause(milliseconds: number, res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    res.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
