import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { closing, openTo, startGateway } from '../support/gateway.js';
import { statusOf } from '../support/message.js';
import { connect } from '../support/raw.js';
import { answer, startUpstream, type RawUpstream } from '../support/upstream.js';

/** What a request may come to: served, refused with one of some statuses (or by a closed connection), refused or waited for. */
type Expected = 'served' | 'waiting' | readonly number[];

const HOST = 'Host: example.test\r\n';
const BAD = [400] as const;

/** From RFC 9112 (messages, framing) and RFC 9110 (Host, Expect): a request as it is sent, and what a server makes of it. */
const CASES: readonly (readonly [what: string, bytes: string, expected: Expected])[] = [
  ['a fragmented method is waited for', 'G', 'waiting'],
  ['a fragmented target is waited for', 'GET /hello', 'waiting'],
  ['a fragmented version is waited for', 'GET / HTTP/1', 'waiting'],
  ['a request line without its end is waited for', 'GET / HTTP/1.1', 'waiting'],
  ['a fragmented header name is waited for', 'GET / HTTP/1.1\r\nHo', 'waiting'],
  ['a fragmented header value is waited for', 'GET / HTTP/1.1\r\nHost: exa', 'waiting'],
  ['a head without its empty line is waited for', `GET / HTTP/1.1\r\n${HOST}`, 'waiting'],
  ['half of the empty line is waited for', `GET / HTTP/1.1\r\n${HOST}\r`, 'waiting'],
  ['a plain request is served', `GET / HTTP/1.1\r\n${HOST}\r\n`, 'served'],
  ['spaces and tabs around a header value are no part of it', 'GET / HTTP/1.1\r\nHost:  \texample.test \t\r\n\r\n', 'served'],
  ['an empty header value is served', `GET / HTTP/1.1\r\n${HOST}X-Empty:\r\n\r\n`, 'served'],
  ['bytes beyond ASCII in a header value are served', `GET / HTTP/1.1\r\n${HOST}X-Bytes: \xe6\x97\xa5\r\n\r\n`, 'served'],
  ['a header name of every token character is served', `GET / HTTP/1.1\r\n${HOST}!#$%&'*+-.^_\`|~0Az: x\r\n\r\n`, 'served'],
  ['absolute-form is served', `GET http://example.test/x HTTP/1.1\r\n${HOST}\r\n`, 'served'],
  ['an empty line before the request line is passed over', `\r\nGET / HTTP/1.1\r\n${HOST}\r\n`, 'served'],
  ['HTTP/1.1 without Host is refused', 'GET / HTTP/1.1\r\n\r\n', BAD],
  ['two Hosts are refused', `GET / HTTP/1.1\r\n${HOST}Host: other.test\r\n\r\n`, BAD],
  ['a Host that is none is refused', 'GET / HTTP/1.1\r\nHost: bad host/\r\n\r\n', BAD],
  ['a space before the colon is refused', `GET / HTTP/1.1\r\n${HOST}X : y\r\n\r\n`, BAD],
  ['a space in a header name is refused', `GET / HTTP/1.1\r\n${HOST}X Y: z\r\n\r\n`, BAD],
  ['an empty header name is refused', `GET / HTTP/1.1\r\n${HOST}: y\r\n\r\n`, BAD],
  ['NUL in a header value is refused', `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`, BAD],
  ['a bare CR in a header value is refused', `GET / HTTP/1.1\r\n${HOST}X: a\rb\r\n\r\n`, BAD],
  ['a folded header is refused', `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`, BAD],
  ['a line without a colon is refused', `GET / HTTP/1.1\r\n${HOST}nonsense\r\n\r\n`, BAD],
  ['a method that is no token is refused', `GE(T / HTTP/1.1\r\n${HOST}\r\n`, [400, 501]],
  ['a line that begins with a space is refused', ` GET / HTTP/1.1\r\n${HOST}\r\n`, BAD],
  ['a version of three numbers is refused', `GET / HTTP/1.1.1\r\n${HOST}\r\n`, [400, 505]],
  ['another major version is refused', `GET / HTTP/3.0\r\n${HOST}\r\n`, [400, 505]],
  ['another protocol is refused', `GET / HTTPS/1.1\r\n${HOST}\r\n`, [400, 505]],
  ['a negative Content-Length is refused', `POST / HTTP/1.1\r\n${HOST}Content-Length: -1\r\n\r\n`, BAD],
  ['a Content-Length that is no number is refused', `POST / HTTP/1.1\r\n${HOST}Content-Length: 1x\r\n\r\nab`, BAD],
  ['Content-Length beside Transfer-Encoding is refused', `POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, BAD],
];

describe('of HTTP/1.1 messages', () => {
  const suite = closing();
  let upstream: RawUpstream;
  let port = 0;
  before(async () => {
    upstream = await startUpstream(suite, () => answer());
    ({ port } = await startGateway(suite, `${openTo(upstream.port)}\ngateway: {client_timeouts: {header: 0.3}}`));
  });

  it('there are 33 cases', () => assert.equal(CASES.length, 33));

  for (const [what, bytes, expected] of CASES) {
    it(what, async (t) => {
      const reached = upstream.requests.length;
      const client = (await connect(t, port)).send(bytes);
      const message = await client.response();
      const status = message && statusOf(message);
      if (expected === 'served') return assert.equal(status, 200);
      // what is not whole is given its time, and then refused
      assert.ok(status === undefined || (expected === 'waiting' ? [408] : expected).includes(status), message?.start);
      await client.end();
      assert.equal(upstream.requests.length, reached, 'the upstream heard of it');
      assert.deepEqual(upstream.garbage, []);
    });
  }
});
