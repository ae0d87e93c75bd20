import fc from 'fast-check';

/** A valid response, and the method of the request that it answers. */
export interface Sample {
  readonly method: string;
  readonly bytes: Buffer;
}

/** Evenly spread over [0, 1); `fc.double` favours what is close to 0. */
export const fraction: fc.Arbitrary<number> = fc.nat(9999).map((n) => n / 10_000);

const TOKEN = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const name = fc.string({ unit: fc.constantFrom(...TOKEN), minLength: 1, maxLength: 18 })
  .filter((text) => !/^(connection|content-length|transfer-encoding|te|trailer|upgrade|keep-alive|proxy-.*)$/i.test(text));
const latin1 = Array.from({ length: 224 }, (_, i) => String.fromCharCode(i + 32)).filter((c) => c !== '\x7f');
const value = fc.string({ unit: fc.constantFrom(...latin1), maxLength: 30 }).map((text) => text.trim()).filter((text) => !/[\xa0]/.test(text));
const field = fc.tuple(name, fc.constantFrom(':', ': ', ':\t ', ':  '), value, fc.constantFrom('', ' ', '\t'))
  .map(([n, colon, v, space]) => `${n}${colon}${v}${space}\r\n`);
const hop = fc.constantFrom('Connection: close\r\n', 'Connection: keep-alive\r\n', 'Keep-Alive: timeout=5\r\n', 'Proxy-Authenticate: x\r\n', 'TE: x\r\n');
const fields = fc.array(fc.oneof({ weight: 5, arbitrary: field }, { weight: 1, arbitrary: hop }), { maxLength: 8 }).map((list) => list.join(''));
const body = fc.string({ unit: fc.constantFrom(...latin1, '\r', '\n', '\0'), maxLength: 80 });
const informational = fc.array(
  fc.tuple(fc.constantFrom(100, 102, 103), fields).map(([status, f]) => `HTTP/1.1 ${status} Wait\r\n${f.replace(/^(Connection|Upgrade).*\r\n/gm, '')}\r\n`),
  { maxLength: 2 },
).map((list) => list.join(''));
const chunk = fc.tuple(fc.string({ unit: fc.constantFrom(...latin1, '\r', '\n'), minLength: 1, maxLength: 40 }),
  fc.constantFrom('', ';a', ';a=b', ';a="b c"'), fc.constantFrom('', '0', '000'));
const chunked = fc.tuple(fc.array(chunk, { maxLength: 4 }), fc.array(field, { maxLength: 3 })).map(([chunks, trailers]) =>
  `${chunks.map(([data, extension, zeros]) => `${zeros}${data.length.toString(16)}${extension}\r\n${data}\r\n`).join('')}0\r\n${trailers.join('')}\r\n`);

const framed = fc.oneof(
  body.map((text) => ({ header: `Content-Length: ${text.length}\r\n`, text })),
  body.map((text) => ({ header: '', text })),
  chunked.map((text) => ({ header: 'Transfer-Encoding: chunked\r\n', text })),
);

/** Valid responses of every framing, with the statuses and the method that have no body among them. */
export const sample: fc.Arbitrary<Sample> = fc.record({
  method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD'),
  before: informational,
  minor: fc.constantFrom(1, 1, 1, 0),
  status: fc.constantFrom(200, 200, 200, 204, 206, 304, 404, 599),
  reason: fc.constantFrom(' OK', ' ', ' Not  So', ' \xe9'),
  fields,
  framed,
}).map(({ method, before, minor, status, reason, fields: f, framed: { header, text } }) => {
  const bodyless = method === 'HEAD' || status === 204 || status === 304;
  const framing = minor === 0 && header.startsWith('T') ? '' : header;
  const head = `HTTP/1.${minor} ${status}${reason}\r\n${f}${framing}\r\n`;
  return { method, bytes: Buffer.from(before + head + (bodyless ? '' : text), 'latin1') };
});

const INTERESTING = ['\r', '\n', '\r\n', '\0', ' ', '\t', ':', ';', ',', '=', '"', '0', '1', '9', 'a', 'f', 'g', '-', '+', '\x7f', '\x80', '\xff',
  'Content-Length: 3\r\n', 'Content-Length: 0\r\n', 'Transfer-Encoding: chunked\r\n', 'Transfer-Encoding: gzip\r\n', 'Connection: close\r\n',
  'HTTP/1.1 100 \r\n\r\n', 'HTTP/1.1 200 OK\r\n', '\r\n\r\n', '0\r\n\r\n', 'ffffffffffffffff'];
const edit = fc.record({ at: fraction, remove: fc.constantFrom(0, 0, 1, 1, 2, 7), insert: fc.constantFrom('', ...INTERESTING) });

/** Responses spoilt in a few places. */
export const spoilt: fc.Arbitrary<Sample> = fc.tuple(sample, fc.array(edit, { minLength: 1, maxLength: 4 })).map(([{ method, bytes }, edits]) => {
  let text = bytes.toString('latin1');
  for (const { at, remove, insert } of edits) {
    const position = Math.floor(at * text.length);
    text = text.slice(0, position) + insert + text.slice(position + remove);
  }
  return { method, bytes: Buffer.from(text, 'latin1') };
});

/** The pieces of `bytes` between the cuts, each a fraction of its length. */
export function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const positions = [0, ...cuts.map((fraction) => Math.floor(fraction * bytes.length)).toSorted((a, b) => a - b), bytes.length];
  return positions.slice(1).map((end, i) => bytes.subarray(positions[i], end)).filter((piece) => piece.length > 0);
}
