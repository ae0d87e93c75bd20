import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { http2Doubt } from '../../src/cli/http2-doubt.js';
import { plainPlace } from '../../src/cli/places.js';

const offering = [plainPlace('127.0.0.1:1'), { address: '127.0.0.1:2', tls: true, http2: true }];

describe('HTTP/2 by a Node whose library can be made to abort', () => {
  for (const version of ['1.61.0', '1.68.0', '0.99.9', '']) {
    it(`is doubted with nghttp2 ${version || 'of no known version'}`, () => {
      assert.match(http2Doubt(offering, version) ?? '', /CVE-2026-27135/);
    });
  }

  for (const version of ['1.68.1', '1.69.0', '2.0.0']) {
    it(`is not doubted with nghttp2 ${version}`, () => assert.equal(http2Doubt(offering, version), undefined));
  }

  it('is not doubted where it is not offered', () => assert.equal(http2Doubt([plainPlace('127.0.0.1:1')], '1.61.0'), undefined));
});
