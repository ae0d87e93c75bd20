import http from 'node:http';

/** The one kind of request that a measurement consists of. */
export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A header whose value is another with each request; the first again after the last. */
  readonly inTurn?: { readonly header: string; readonly values: readonly string[] };
  /** Bytes sent. */
  readonly body: number;
  /** What has to come back, or else there is nothing to measure. */
  readonly status: number;
  /** Bytes that have to come back; undefined for any number. */
  readonly size: number | undefined;
}

/** The API key that the gateways under measurement know; Express Gateway's keys are an id and a secret. */
export const KEY = { id: '0123456789abcdef', secret: 'fedcba9876543210' } as const;

/** What an ordinary API client sends. */
const CLIENT = { 'User-Agent': 'bench/1.0', Accept: '*/*', 'Accept-Encoding': 'gzip', apikey: `${KEY.id}:${KEY.secret}` } as const;

/** A GET that brings 200 bytes, unless something else is said. */
export function get(path: string, other: Partial<Request> = {}): Request {
  return { method: 'GET', path, body: 0, status: 200, size: 200, ...other, headers: { ...CLIENT, ...other.headers } };
}

/** Sends one request and throws unless the response is as it should be. */
export async function check(port: number, { method, path, headers: same, inTurn, body, status, size }: Request): Promise<void> {
  const headers = { ...same, ...(inTurn && { [inTurn.header]: inTurn.values[0] }) };
  const answer = await new Promise<{ status: number | undefined; size: number }>((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method, path, headers, agent: false, timeout: 5000 }, (response) => {
      let received = 0;
      response.on('data', (chunk: Buffer) => (received += chunk.length));
      response.once('end', () => resolve({ status: response.statusCode, size: received })).once('error', reject);
    });
    request.once('timeout', () => request.destroy(new Error('no response within 5 s'))).once('error', reject);
    request.end(Buffer.alloc(body, 'x'));
  });
  if (answer.status !== status) throw new Error(`it answers ${method} ${path} with ${answer.status}, not ${status}`);
  if (size !== undefined && answer.size !== size) throw new Error(`its answer has ${answer.size} bytes, not ${size}`);
}
