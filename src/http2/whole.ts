import type { Http2Stream } from 'node:http2';

/**
 * Follows a stream that is still being read, and says whether its other side has ended it. Node tells of the end of what
 * was reset with NO_ERROR as it tells of the end of what is whole; the two differ in what comes first, the end or the reset.
 */
export function endOf(stream: Http2Stream): () => boolean {
  const { push } = stream;
  let ended = false;
  stream.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk === null && !stream.closed) ended = true;
    return push.call(stream, chunk, encoding);
  };
  return () => ended;
}
