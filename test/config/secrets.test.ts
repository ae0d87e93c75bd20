import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { consumer, ENV, PARTS, PLACES, SECRET } from '../support/planted.js';
import { check, rendered } from './check.js';

describe('secrets', () => {
  for (const [place, text] of Object.entries(PLACES)) {
    for (const [how, written] of [['', text], [' (CRLF)', text.replaceAll('\n', '\r\n')], [' (one level deeper)', text.replace(/^/gm, '  ')]] as const) {
      it(`are never shown: ${place}${how}`, () => {
        const diagnostics = check(written, ENV);
        const all = rendered(diagnostics);
        assert.doesNotMatch(all, PARTS);
        assert.doesNotMatch(all, /7345091/);
        if (how === '') assert.notEqual(diagnostics.length, 0, 'the file has a fault');
      });
    }
  }

  it('leave the lines around them to be seen', () => {
    const [first] = check(`routes:\n  - uri: "/ip\n    methods: [GET]\n    upstream_id: a\n`);
    assert.match(first?.frame?.lines.join('\n') ?? '', /uri: "\/ip/);
    const second = check(consumer(`keyy: ${SECRET}`)).find((d) => d.code === 'unknown-field');
    assert.deepEqual(second?.frame?.lines, ['    plugins:', '      key-auth:', '        keyy: ********']);
    const [third] = check('routes:\n  - uri: /ip\n    plugins:\n      key-auth:\n        header: x-token\n        heder: apikey\n');
    assert.deepEqual(third?.frame?.lines, ['      key-auth:', '        header: x-token', '        heder: apikey']);
  });
});
