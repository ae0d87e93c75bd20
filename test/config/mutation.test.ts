import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hasErrors } from '../../src/diagnostics/diagnostic.js';
import { load, rendered } from './check.js';

const SECRET = 'Zq9hushXyW7vV';
const VALID = `consumers:
  - username: tom
    labels: {custom_id: "7"}
    plugins:
      key-auth:
        key: ${SECRET}
routes:
  - id: ip
    uris: [/ip, "/ip/*"]
    methods: [GET]
    upstream_id: \${{UPSTREAM:=httpbin}}
    plugins:
      key-auth: {_meta: {disable: false}, header: apikey}
upstreams:
  - id: httpbin
    nodes:
      127.0.0.1:9081: 1
gateway:
  listen: 127.0.0.1:9080
#END
`;

/** The edge of the secret stays whole, so that it can be told from the rest. */
const outside = fc.nat(VALID.length).filter((at) => at <= VALID.indexOf(SECRET) || at >= VALID.indexOf(SECRET) + SECRET.length);
const piece = fc.oneof(fc.constantFrom('', ' ', '\t', '\n', '\r\n', ':', ': ', '- ', '[', ']', '{', '}', '"', "'", '#', '&a', '*a', '!t', '|', '>', '%', '@', ',', '---\n', '...\n', '${{', '}}', '? ', '<<', '0', 'null', '~', '\ufeff', '\u2028', 'é', '😀'), fc.string({ maxLength: 4 }));
const edit = fc.record({ at: outside, cut: fc.nat(3), put: piece });

function apply(text: string, { at, cut, put }: { at: number; cut: number; put: string }): string {
  const secret = VALID.indexOf(SECRET);
  const end = at <= secret ? Math.min(at + cut, secret) : at + cut;
  return text.slice(0, at) + put + text.slice(end);
}

describe('a mutated file', () => {
  it('becomes a table or diagnostics, never an exception, and shows no secret', () => {
    fc.assert(fc.property(edit, fc.option(fc.record({ cut: fc.nat(5), put: piece })), (first, tail) => {
      let text = apply(VALID, first);
      if (tail) text = text.slice(0, text.length - tail.cut) + tail.put;
      const { loaded, diagnostics } = load(text);
      assert.equal(loaded === undefined, hasErrors(diagnostics));
      assert.ok(!rendered(diagnostics).includes(SECRET.slice(0, 5)), text);
      for (const { range } of diagnostics) {
        assert.ok(range && range.start.line >= 1 && range.start.column >= 1 && range.start.offset <= text.length);
      }
    }), { numRuns: 3000 });
  });
});
