import { mutate, type Random } from './mutate.js';

const HOST = 'Host: fuzz.test\r\n';
const KEY = 'apikey: fuzz-key\r\n';

/** Valid and awkward requests, one character per byte. */
const CORPUS: readonly string[] = [
  `GET / HTTP/1.1\r\n${HOST}\r\n`,
  `GET /a/b/c?x=1&y=%20z HTTP/1.1\r\n${HOST}Accept: */*\r\nUser-Agent: fuzz/1\r\n\r\n`,
  `GET /k/private HTTP/1.1\r\n${HOST}${KEY}\r\n`,
  `GET /k/private?apikey=fuzz-key&z=1 HTTP/1.1\r\n${HOST}\r\n`,
  `GET /k/private HTTP/1.1\r\n${HOST}apikey: wrong\r\n\r\n`,
  'GET http://fuzz.test/absolute?x HTTP/1.1\r\nHost: other\r\n\r\n',
  'GET http://[::1]:80/x HTTP/1.1\r\nHost: [::1]:80\r\n\r\n',
  'GET / HTTP/1.0\r\n\r\n',
  `GET / HTTP/1.0\r\nConnection: keep-alive\r\n${HOST}\r\n`,
  `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`,
  `CONNECT fuzz.test:443 HTTP/1.1\r\n${HOST}\r\n`,
  `TRACE / HTTP/1.1\r\n${HOST}\r\n`,
  `POST /p HTTP/1.1\r\n${HOST}Content-Length: 11\r\n\r\nhello world`,
  `POST /p HTTP/1.1\r\n${HOST}Content-Length: 0\r\n\r\n`,
  `POST /p HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x="y"\r\n world\r\n0\r\n\r\n`,
  `PUT /p HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n`,
  `DELETE /d HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n1b\r\nGET /inner HTTP/1.1\r\nX: y\r\n\r\n0\r\n\r\n`,
  `POST /p HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi`,
  `POST /k/p HTTP/1.1\r\n${HOST}${KEY}Content-Length: 2\r\nContent-Type: text/plain\r\n\r\nhi`,
  `GET /ws HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  `GET / HTTP/1.1\r\n${HOST}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n`,
  `GET /h HTTP/1.1\r\n${HOST}Connection: close, X-Consumer-Username\r\nX-Consumer-Username: root\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n`,
  `GET /public/../k/x HTTP/1.1\r\n${HOST}\r\n`,
  `GET /%2e%2e/%2F..;x/a\\b HTTP/1.1\r\n${HOST}\r\n`,
  `GET /__proto__?constructor=1 HTTP/1.1\r\n${HOST}__proto__: x\r\nconstructor: y\r\nhasOwnProperty: z\r\n\r\n`,
  `GET /\xe9\xff HTTP/1.1\r\n${HOST}X-Latin: \xe9\xff\r\nCookie: a=b; c=d\r\n\r\n`,
  `GET /te HTTP/1.1\r\n${HOST}TE: trailers\r\nTransfer-Encoding: identity\r\n\r\n`,
];

const WORDS: readonly string[] = [
  'Content-Length: 3', 'Content-Length: 0', 'Content-Length: -1', 'Content-Length: 99999999999999999999', 'Content-Length: 3, 3',
  'Transfer-Encoding: chunked', 'Transfer-Encoding: gzip, chunked', 'Transfer-Encoding : chunked', 'Transfer_Encoding: chunked',
  'Connection: close', 'Connection: keep-alive', 'Connection: content-length, host', 'Connection: upgrade', 'Upgrade: websocket', 'Upgrade: \xff',
  'Expect: 100-continue', 'Expect: 200-ok', 'Host: fuzz.test', 'Host: a, b', 'Host: [::1', 'Host:', 'Host: fuzz.test:99999', ' folded: x', ':', 'apikey: fuzz-key', 'apikey: constructor',
  'X-Forwarded-For: ,,,', 'Trailer: Host', 'Proxy-Connection: x', 'Keep-Alive: timeout=0', 'X: \x00', 'X\x00: y',
  'GET / HTTP/1.1', 'HTTP/1.1', 'HTTP/2.0', 'HTTP/1.0', 'PRI * HTTP/2.0', 'POST', '0\r\n', 'ffffffffffffffff', '7fffffff', '/', '//', '/k/', '?apikey=fuzz-key', 'http://', 'http://[::1', '*', '%',
];

/** What one connection sends: up to eight requests, each spoilt in its own way. */
export function spoiltRequests(random: Random): readonly string[] {
  const count = random.once(3) ? 1 : 2 + random.below(7);
  const requests = Array.from({ length: count }, () => mutate(random, random.pick(CORPUS), WORDS));
  // a HEAD's answer has no body: it comes alone, so that its reader knows
  return random.once(20) ? [`HEAD${mutate(random, (CORPUS[0] ?? '').slice(3), WORDS)}`] : requests;
}
