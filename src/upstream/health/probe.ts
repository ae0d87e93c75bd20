import http, { type RequestOptions } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { ConnectionOptions } from 'node:tls';

/** What a probe came to: a status, a connection where that is all that is asked for, or a failure. */
export type Outcome = number | 'connected' | 'tcp' | 'timeout';

/** Asks a node once whether it is well. Never rejects. */
export type Probe = () => Promise<Outcome>;

/** How a node is asked. */
export interface ProbeOptions {
  readonly type: 'http' | 'https' | 'tcp';
  readonly address: string;
  readonly port: number;
  /** Milliseconds for all of it. */
  readonly timeout: number;
  readonly method: string;
  readonly path: string;
  /** Flat list of names and values, Host included. */
  readonly headers: readonly string[];
  readonly body: string;
  /** For `https`; made when it is needed first. */
  readonly tls: () => ConnectionOptions;
}

/** Makes a probe, each on a connection of its own. */
export function probeOf(options: ProbeOptions): Probe {
  return options.type === 'tcp' ? () => connect(options) : () => ask(options);
}

function connect({ address, port, timeout }: ProbeOptions): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: address, port });
    const end = once(socket, timeout, resolve);
    socket.once('connect', () => end('connected'));
    socket.on('error', () => end('tcp'));
  });
}

function ask(options: ProbeOptions): Promise<Outcome> {
  const { type, address, port, timeout, method, path, headers, body } = options;
  return new Promise((resolve) => {
    const plain: RequestOptions = { host: address, port, method, path, headers, agent: false, setHost: false };
    const request = type === 'https' ? https.request({ ...plain, ...options.tls() }) : http.request(plain);
    const end = once(request, timeout, resolve);
    request.once('response', ({ statusCode = 0 }) => end(statusCode));
    request.on('error', () => end('tcp'));
    request.once('close', () => end('tcp'));
    request.end(body);
  });
}

/** Ends a probe with the first of its outcomes, and its connection with it. */
function once(thing: { destroy(): unknown }, timeout: number, resolve: (outcome: Outcome) => void): (outcome: Outcome) => void {
  const timer = setTimeout(() => end('timeout'), timeout).unref();
  const end = (outcome: Outcome): void => {
    clearTimeout(timer);
    thing.destroy();
    resolve(outcome);
  };
  return end;
}
