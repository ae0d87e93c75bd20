import { mutate, type Random } from './mutate.js';

const chunks = '5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n';

/** Valid and awkward responses, one character per byte. */
const CORPUS: readonly string[] = [
  'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world',
  'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  `HTTP/1.1 200 OK\r\nContent-Length: 3000\r\nContent-Type: text/plain\r\n\r\n${'x'.repeat(3000)}`,
  `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}\r\n`,
  `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n${chunks}X-Sum: 1\r\n\r\n`,
  `HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTrailer: X-Sum\r\n\r\nabc`,
  'HTTP/1.1 200 OK\r\n\r\nuntil the end',
  'HTTP/1.0 200 OK\r\n\r\nuntil the end',
  'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi',
  'HTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello',
  'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 5\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi',
  'HTTP/1.1 103 Early Hints\r\nLink: nonsense\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi',
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nframes',
  'HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\nServer: other\r\n\r\nno',
  'HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi',
  'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\npoisoned',
  'HTTP/1.1 200 \xe9\xff\r\nX-Latin: \xe9\xff\r\nContent-Length: 2\r\n\r\nhi',
  'HTTP/1.1 099 Low\r\nContent-Length: 2\r\n\r\nhi',
  'HTTP/1.1 200 OK\r\nConnection: close, X-Secret\r\nX-Secret: 1\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nhi',
  '<html>no HTTP at all</html>',
];

const WORDS: readonly string[] = [
  'Content-Length: 3', 'Content-Length: 0', 'Content-Length: -1', 'Content-Length: 99999999999999999999', 'Content-Length: 2, 2',
  'Transfer-Encoding: chunked', 'Transfer-Encoding: gzip', 'Transfer-Encoding: chunked, chunked', 'Connection: close', 'Connection: keep-alive', 'Connection: content-length',
  'Keep-Alive: timeout=0', 'Trailer: Content-Length', 'Upgrade: websocket', 'Set-Cookie: x=y', 'Link: </x>', ' folded', ':', 'X\x00: y', 'X: \x00', 'Server: s', 'Date: now', 'X-APISIX-Upstream-Status: 1',
  'HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 102 Processing\r\n\r\n', 'HTTP/1.1 200 OK', 'HTTP/1.1 101 X', 'HTTP/9.9 200 OK', 'HTTP/1.1 999 X', 'HTTP/1.1 600 X', 'HTTP/1.1 199 X', '0\r\n\r\n', 'ffffffffffffffff', '\r\n\r\n', 'x: y\r\n'.repeat(200),
];

/** A response, spoilt in its own way. */
export function spoiltResponse(random: Random): string {
  return mutate(random, random.pick(CORPUS), WORDS);
}
