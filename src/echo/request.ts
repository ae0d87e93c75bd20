import type { IncomingMessage } from 'node:http';

/** A name and a value, as in a query or a list of header fields. */
export type Pair = readonly [name: string, value: string];

/** A request that has arrived whole, in the terms in which it is echoed. */
export interface EchoRequest {
  readonly method: string;
  /** Path as received: neither decoded nor normalised. */
  readonly path: string;
  readonly query: readonly Pair[];
  /** Header fields in the order and the letter case in which they were received. */
  readonly headers: readonly Pair[];
  /** Cookie field, or '' when there is none. */
  readonly cookie: string;
  readonly origin: string;
  readonly url: string;
  readonly body: Buffer;
}

/** What of a message is echoed. */
export type Message = Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders' | 'headers'> & { readonly socket: { readonly remoteAddress?: string | undefined } };

/** Describes a received message; total, whatever the target looks like. */
export function toEchoRequest(req: Message, body: Buffer): EchoRequest {
  const target = req.url ?? '/';
  const { path, query } = splitTarget(target);
  return {
    method: req.method ?? 'GET',
    path,
    query: [...new URLSearchParams(query)],
    headers: headerPairs(req.rawHeaders),
    cookie: req.headers.cookie ?? '',
    origin: originOf(req),
    url: urlOf(req, target),
    body,
  };
}

const ABSOLUTE_FORM = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/**
 * Splits a request target by hand: `new URL` throws on targets that a client may
 * well send, takes the first segment of `//a/b` for a host, and folds `..` away.
 */
function splitTarget(target: string): { path: string; query: string } {
  const [, path = '', query = ''] = /^([^?#]*)(?:\?([^#]*))?/.exec(target.replace(ABSOLUTE_FORM, '')) ?? [];
  return { path: path === '' ? '/' : path, query };
}

function headerPairs(raw: readonly string[]): Pair[] {
  const pairs: Pair[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([raw[i] ?? '', raw[i + 1] ?? '']);
  return pairs;
}

/** Who called: X-Forwarded-For's word for it, as httpbin does, else the socket's. */
function originOf(req: Message): string {
  const forwarded = req.headers['x-forwarded-for'];
  if (forwarded !== undefined) return String(forwarded);
  // A socket that listens on :: reports IPv4 peers in their IPv6-mapped form.
  return (req.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}

function urlOf(req: Message, target: string): string {
  if (ABSOLUTE_FORM.test(target)) return target;
  const scheme = req.headers['x-forwarded-proto'] ?? 'http';
  const host = req.headers.host ?? 'localhost';
  return `${String(scheme)}://${host}${target}`;
}
