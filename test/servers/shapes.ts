/** What an attacker would like a server to take for a request. No route of the gateway leads there. */
export const INNER = 'GET /smuggled HTTP/1.1\r\nHost: h\r\nX-Case: smuggled\r\n\r\n';

/** A way to send a request with another one in its body. */
export interface Shape {
  readonly name: string;
  /** The request's bytes, from what its first line and its common headers are made of. */
  bytes(method: string, path: string, headers: string): string;
  /** How the client leaves before it was answered: with FIN or with RST. */
  readonly leaves?: 'end' | 'reset';
}

const hex = INNER.length.toString(16);
const L = INNER.length;
const CHUNKS = `${hex}\r\n${INNER}\r\n0\r\n\r\n`;
const CL = `Content-Length: ${L}\r\n`;
const TE = 'Transfer-Encoding: chunked\r\n';

const shape = (name: string, head: string, body: string, more: Partial<Shape> & { version?: string } = {}): Shape => ({
  name, ...more, bytes: (method, path, headers) => `${method} ${path} HTTP/${more.version ?? '1.1'}\r\nHost: h\r\n${headers}${head}\r\n${body}`,
});

const plain: readonly Shape[] = [
  shape('no framing', '', INNER), shape('a length', CL, INNER), shape('chunks', TE, CHUNKS),
  shape('length and chunks', `Content-Length: ${CHUNKS.length}\r\n${TE}`, CHUNKS), shape('chunks and a short length', `${TE}Content-Length: 4\r\n`, CHUNKS),
  shape('a length of nothing', 'Content-Length: 0\r\n', INNER), shape('a shorter length', 'Content-Length: 5\r\n', INNER),
];

/** Values and spellings of Transfer-Encoding. */
const codings: readonly Shape[] = [
  'Transfer-Encoding: gzip, chunked', 'Transfer-Encoding: chunked, gzip', 'Transfer-Encoding: chunked, identity', 'Transfer-Encoding: identity', 'Transfer-Encoding : chunked',
  'Transfer-Encoding: xchunked', 'Transfer-Encoding: chunkedx', 'Transfer-Encoding:chunked', 'Transfer-Encoding:\tchunked', 'Transfer-Encoding: chunked\t', 'Transfer-Encoding:   chunked  ',
  'Transfer-Encoding\t: chunked', 'Transfer-Encoding: \x0bchunked', 'Transfer-Encoding: chunked\x0c', 'Transfer-Encoding: CHUNKED', 'Transfer-Encoding: "chunked"', 'Transfer-Encoding: chunked;q=1',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', 'Transfer-Encoding: identity\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding:\r\n chunked', 'Transfer-Encoding: chu\r\n nked', 'Transfer-Encoding:', 'Transfer-Encoding: ,chunked', 'Transfer-Encoding: chunked,', 'Transfer-Encoding: chunked, chunked',
  'Transfer_Encoding: chunked', 'Transfer.Encoding: chunked', 'X: y\rTransfer-Encoding: chunked', 'X: y\nTransfer-Encoding: chunked', ' Transfer-Encoding: chunked', 'Transfer-Encoding: chun\0ked', '\x00Transfer-Encoding: chunked', 'TE: chunked', 'Transfer-Encoding: \xffchunked',
].flatMap((line) => [shape(JSON.stringify(line), `${line}\r\n`, CHUNKS), shape(`${JSON.stringify(line)} and a length`, `${line}\r\n${CL}`, INNER)]);

/** Values and spellings of Content-Length. */
const lengths: readonly Shape[] = [
  `Content-Length: +${L}`, 'Content-Length: +3', 'Content-Length: -1', `Content-Length: 0${L}`, `Content-Length: ${L}, ${L}`, `Content-Length: 0, ${L}`, `Content-Length: 0\r\nContent-Length: ${L}`, `Content-Length: ${L}\r\nContent-Length: ${L}`,
  `Content-Length : ${L}`, `Content-Length: 0x${hex}`, `Content-Length: ${L}.0`, `Content-Length: ${L}e0`, `Content-Length: ${L} 0`, 'Content-Length:', `Content-Length: 1_0`, `Content-Length: ${L}\x0b`, `Content-Length: \t${L}\t`, `Content_Length: ${L}`,
  `Content-Length: 0\r\n ${L}`, `Content-Length:\n${L}`, 'Content-Length: 18446744073709551615', 'Content-Length: 18446744073709551617', `Content-Length: 4294967296`, `Content-Length: ${L}\rX: y`,
].map((line) => shape(JSON.stringify(line), `${line}\r\n`, INNER));

/** Connection naming what must not be dropped. */
const connections: readonly Shape[] = ['content-length', 'transfer-encoding', 'host', 'Content-Length, Transfer-Encoding, Host', 'close, content-length', 'keep-alive, Transfer-Encoding', 'x-case', 'expect', 'trailer, te']
  .flatMap((value) => [shape(`Connection: ${value}, length`, `Connection: ${value}\r\n${CL}`, INNER), shape(`Connection: ${value}, chunks`, `Connection: ${value}\r\n${TE}`, CHUNKS)]);

/** Chunks that servers read differently, the inner request within. */
const chunks: readonly Shape[] = [
  ['an extension', `${hex};a=b\r\n${INNER}\r\n0\r\n\r\n`], ['an extension in quotes', `${hex};a="b;c"\r\n${INNER}\r\n0\r\n\r\n`], ['an extension with LF', `${hex};a\n${INNER}\r\n0\r\n\r\n`], ['an extension with CR', `${hex};a\rb\r\n${INNER}\r\n0\r\n\r\n`],
  ['an extension with a quoted line end', `${hex};a="\r\n${INNER}\r\n0\r\n\r\n`], ['a long extension', `${hex};${'a'.repeat(20_000)}\r\n${INNER}\r\n0\r\n\r\n`], ['a space after the size', `${hex} \r\n${INNER}\r\n0\r\n\r\n`], ['a space before the size', ` ${hex}\r\n${INNER}\r\n0\r\n\r\n`],
  ['zeros before the size', `000000${hex}\r\n${INNER}\r\n0\r\n\r\n`], ['many zeros', `${'0'.repeat(40)}${hex}\r\n${INNER}\r\n0\r\n\r\n`], ['0x', `0x${hex}\r\n${INNER}\r\n0\r\n\r\n`], ['a sign', `+${hex}\r\n${INNER}\r\n0\r\n\r\n`], ['minus', `-1\r\n${INNER}\r\n0\r\n\r\n`],
  ['a size beyond 64 bits', `1${'0'.repeat(16 - hex.length)}${hex}\r\n${INNER}\r\n0\r\n\r\n`], ['a size beyond 32 bits', `1000000${hex}\r\n${INNER}\r\n0\r\n\r\n`], ['no size', `\r\n${INNER}\r\n0\r\n\r\n`], ['an underscore', `${hex}_0\r\n${INNER}\r\n0\r\n\r\n`],
  ['line feeds only', `${hex}\n${INNER}\n0\n\n`], ['CR only', `${hex}\r${INNER}\r0\r\r`], ['data longer than its size', `5\r\n${INNER}\r\n0\r\n\r\n`], ['no line end after the data', `${hex}\r\n${INNER}0\r\n\r\n`], ['other bytes after the data', `${hex}\r\n${INNER}XX0\r\n\r\n`],
  ['a last chunk of zeros', `${hex}\r\n${INNER}\r\n000\r\n\r\n`], ['a last chunk with an extension', `${hex}\r\n${INNER}\r\n0;a\r\n\r\n`], ['a last chunk and LF', `0\r\n\n${INNER}`], ['nothing, then a request', `0\r\n\r\n${INNER}`], ['each byte its chunk', `${[...INNER].map((c) => `1\r\n${c}\r\n`).join('')}0\r\n\r\n`],
].map(([name = '', body = '']) => shape(`chunks: ${name}`, TE, body));

/** What stands after the last chunk. */
const trailers: readonly Shape[] = ['X-T: v', 'Content-Length: 99', 'Transfer-Encoding: chunked', 'Host: evil', 'Connection: close', 'X-T: a\r\n b', 'GET /smuggled HTTP/1.1', 'X-T: v\nGET /smuggled HTTP/1.1', 'X-T : v', ': v', 'X-Consumer-Username: root', `X-T: ${'t'.repeat(40_000)}`]
  .map((line) => shape(`trailer ${JSON.stringify(line.slice(0, 40))}`, `${TE}Trailer: X-T\r\n`, `${hex}\r\n${INNER}\r\n0\r\n${line}\r\n\r\n`));

const heads: readonly Shape[] = [
  ...['100-continue', '100-Continue', '100-continue, x', 'bogus', ''].flatMap((value) => [shape(`Expect: ${value}, length`, `Expect: ${value}\r\n${CL}`, INNER), shape(`Expect: ${value}, chunks`, `Expect: ${value}\r\n${TE}`, CHUNKS)]),
  ...['1.0', '1.2', '0.9', '2.0', '1.01', '1'].flatMap((version) => [shape(`HTTP/${version}, length`, CL, INNER, { version }), shape(`HTTP/${version}, chunks`, TE, CHUNKS, { version }), shape(`HTTP/${version}, kept, chunks`, `Connection: keep-alive\r\n${TE}`, CHUNKS, { version })]),
  shape('a folded header', `X-F: a\r\n b\r\n\tc\r\n${CL}`, INNER), shape('a folded length', `Content-Length: 5\r\n\t\r\n`, INNER), shape('a bare line feed in a value', `X-F: a\nContent-Length: 0\r\n${CL}`, INNER), shape('a bare CR in a value', `X-F: a\rb\r\n${CL}`, INNER),
  shape('a bare CR before the end', `${CL}\r`, INNER), shape('a lone line feed ends the head', `${CL}\n`, INNER), shape('NUL in a value', `X-F: a\0b\r\n${CL}`, INNER), shape('a header of no name', `: x\r\n${CL}`, INNER), shape('a line of no colon', `junk\r\n${CL}`, INNER),
  shape('two hosts', `Host: i\r\n${CL}`, INNER), shape('an upgrade', `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${CL}`, INNER), shape('an upgrade without body', 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n', INNER),
  shape('an upgrade to h2c', `Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n${CL}`, INNER), shape('a method in a header', `X-HTTP-Method-Override: GET\r\n${CL}`, INNER), shape('Content-Encoding', `Content-Encoding: chunked\r\n${CL}`, INNER), shape('1,100 headers', `${'A: b\r\n'.repeat(1100)}${CL}`, INNER),
  { name: 'line feeds only', bytes: (method, path, headers) => `${method} ${path} HTTP/1.1\nHost: h\n${headers.replaceAll('\r', '')}Content-Length: ${L}\n\n${INNER}` },
  { name: 'an absolute form', bytes: (method, path, headers) => `${method} http://h${path} HTTP/1.1\r\nHost: i\r\n${headers}${CL}\r\n${INNER}` },
  { name: 'a line before', bytes: (method, path, headers) => `\r\n${method} ${path} HTTP/1.1\r\nHost: h\r\n${headers}${TE}\r\n${CHUNKS}` },
  { name: 'a request in the target', bytes: (method, path, headers) => `${method} ${path} HTTP/1.1\rGET /smuggled HTTP/1.1\r\nHost: h\r\n${headers}${CL}\r\n${INNER}` },
  { name: 'a tab in the first line', bytes: (method, path, headers) => `${method}\t${path} HTTP/1.1\r\nHost: h\r\n${headers}${CL}\r\n${INNER}` },
];

/** The client leaves in the middle. */
const early: readonly Shape[] = (['end', 'reset'] as const).flatMap((leaves) => [
  shape(`${leaves} in a length`, `Content-Length: ${L + 500}\r\n`, INNER, { leaves }), shape(`${leaves} in a chunk`, TE, `fff\r\n${INNER}`, { leaves }), shape(`${leaves} between chunks`, TE, `${hex}\r\n${INNER}\r\n`, { leaves }),
  shape(`${leaves} before the body`, CL, '', { leaves }), shape(`${leaves} after the body`, CL, INNER, { leaves }), shape(`${leaves} while expecting`, `Expect: 100-continue\r\n${TE}`, '', { leaves }),
]);

/** Every way, for each method. */
export const SHAPES: readonly Shape[] = [...plain, ...codings, ...lengths, ...connections, ...chunks, ...trailers, ...heads, ...early];

/** Methods that may have a body by themselves, and those that may not. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'] as const;
