import type { Client, Dispatcher } from 'undici';

/** A request of the gateway's own, to a server that a configuration names. */
export interface OutboundRequest {
  readonly method: 'GET' | 'POST';
  /** Absolute: `https://auth.example/check?a=1`. */
  readonly url: URL;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body?: Buffer | string | undefined;
}

/** What came back, whole. Redirects are not followed. */
export interface OutboundResponse {
  readonly status: number;
  /** Names and values in turn, as they were sent. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Why nothing came back. */
export interface OutboundFault {
  /** `timeout`, `too-large`, or the code of the system, of OpenSSL or of the client. */
  readonly failed: string;
}

/** How a server is reached. */
export interface OutboundOptions {
  /** Milliseconds for a request, from its start to the end of its response. */
  readonly timeout: number;
  /** Whether the server's certificate must be valid. */
  readonly verify: boolean;
  /** Connections to an origin that stay open without a request, and milliseconds for which they do; undefined closes each after its request. */
  readonly idle: { readonly most: number; readonly timeout: number } | undefined;
  /** Bytes that the body of a response may have. */
  readonly limit: number;
}

/** Sends requests of the gateway's own. Made at load, it opens nothing before the first request; `close` cuts what is under way. */
export class Outbound {
  #make: Promise<(origin: string) => Client> | undefined;
  #closed = false;
  /** Connections, each for one request at a time. */
  readonly #clients = new Set<Client>();
  /** Those without a request, by origin. */
  readonly #idle = new Map<string, Client[]>();

  constructor(private readonly options: OutboundOptions) {}

  /** Loads the client beforehand, so that the first request does not wait for it. */
  start(): void {
    this.#make ??= clientMaker(this.options);
  }

  close(): void {
    this.#closed = true;
    for (const client of this.#clients) void client.destroy();
  }

  /** Sends a request. Never rejects. */
  async send(request: OutboundRequest): Promise<OutboundResponse | OutboundFault> {
    // before the time begins, which is the server's
    const make = await (this.#make ??= clientMaker(this.options));
    if (this.#closed) return { failed: 'closed' };
    const { origin } = request.url;
    const client = this.#idle.get(origin)?.pop() ?? make(origin);
    this.#clients.add(client);
    const result = await exchange(client, request, this.options);
    this.#release(client, origin, !isFault(result));
    return result;
  }

  /** One whose request failed is not used again: left to itself, it would connect anew, with nothing to send. */
  #release(client: Client, origin: string, isWhole: boolean): void {
    const idle = this.#idle.get(origin) ?? [];
    if (isWhole && idle.length < (this.options.idle?.most ?? 0)) {
      this.#idle.set(origin, [...idle, client]);
      return;
    }
    this.#clients.delete(client);
    void client.destroy();
  }
}

async function exchange(client: Client, { method, url, headers, body }: OutboundRequest, { idle, timeout, limit }: OutboundOptions): Promise<OutboundResponse | OutboundFault> {
  const signal = AbortSignal.timeout(timeout);
  try {
    const response = await client.request({ path: `${url.pathname}${url.search}`, method, headers: [...headers], body: body ?? null, reset: !idle, signal, responseHeaders: 'raw' });
    const content = await read(response.body, limit);
    if (!content) return { failed: 'too-large' };
    // asked for as they were sent, they are a list
    return { status: response.statusCode, headers: response.headers as unknown as readonly string[], body: content };
  } catch (error) {
    return { failed: signal.aborted ? 'timeout' : codeOf(error) };
  }
}

/** Whether nothing came back. */
export function isFault(result: OutboundResponse | OutboundFault): result is OutboundFault {
  return 'failed' in result;
}

/** Every value of a header (lower case). */
export function headerValues({ headers }: OutboundResponse, name: string): string[] {
  return headers.filter((_, i) => i % 2 === 1 && headers[i - 1]?.toLowerCase() === name);
}

/** The client is loaded when it is needed: to read it takes as long as half of a start. */
async function clientMaker({ timeout, verify, idle }: OutboundOptions): Promise<(origin: string) => Client> {
  const { Client } = await import('undici');
  return (origin) => new Client(origin, {
    connect: { rejectUnauthorized: verify, timeout }, headersTimeout: 0, bodyTimeout: 0,
    ...(idle && { keepAliveTimeout: idle.timeout, keepAliveMaxTimeout: idle.timeout }),
  });
}

/** All of a body; undefined when it is too large, and its connection is then closed. */
async function read(body: Dispatcher.ResponseData['body'], limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function codeOf(error: unknown): string {
  const { code, cause, name } = error as { readonly code?: unknown; readonly cause?: unknown; readonly name?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined ? String(name) : codeOf(cause);
}
