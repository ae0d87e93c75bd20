import type { IncomingMessage } from 'node:http';

/** The largest request body that the echo server keeps, in bytes. */
export const MAX_BODY = 10 * 1024 * 1024;

/** A request body: its bytes, or why there are none. */
export type Body = Buffer | 'too-large' | 'aborted';

/**
 * Reads a request body of up to {@link MAX_BODY} bytes.
 *
 * A longer one is read to its end and thrown away: a reply sent while bytes are
 * still arriving can be lost to a TCP reset, and the client would see a broken
 * connection in place of the 413. `requestTimeout` bounds how long that can last.
 */
export function readBody(req: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY) chunks.push(chunk);
      else chunks.length = 0;
    });
    req.once('end', () => resolve(size > MAX_BODY ? 'too-large' : Buffer.concat(chunks)));
    req.once('close', () => resolve('aborted'));
  });
}
