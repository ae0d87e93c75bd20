import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseTarget } from '../../src/proxy/path.js';
import { TARGETS } from '../support/targets.js';

describe('the path of a request target', () => {
  for (const [target, path, decoded] of TARGETS) {
    it(`${JSON.stringify(target)} ${path === undefined ? 'is refused' : `is ${path}`}`, () => {
      const found = parseTarget(target);
      assert.equal(found?.path, path);
      if (decoded !== undefined) assert.equal(found?.decoded, decoded);
    });
  }

  it('keeps the query as it was sent', () => {
    assert.equal(parseTarget('/a?b=%20&c=/../d')?.query, 'b=%20&c=/../d');
    assert.equal(parseTarget('/a/../x?')?.query, '');
    assert.equal(parseTarget('/a')?.query, undefined);
    assert.equal(parseTarget('http://h?x')?.query, 'x');
  });

  it('takes the host of an absolute form', () => {
    assert.equal(parseTarget('http://Evil.test:8080/a')?.authority, 'Evil.test:8080');
    assert.equal(parseTarget('/a')?.authority, undefined);
  });

  it('is canonical once it has been made canonical', () => {
    fc.assert(fc.property(TARGET, (target) => {
      const once = parseTarget(target);
      if (!once) return;
      const twice = parseTarget(once.path);
      assert.equal(twice?.path, once.path);
      assert.equal(twice?.decoded, once.decoded);
    }), { numRuns: 20_000 });
  });

  it('never hides a climb from a server that decodes twice, knows backslashes or cuts parameters', () => {
    fc.assert(fc.property(TARGET, (target) => {
      const path = parseTarget(`/public/${target}`)?.path;
      if (path === undefined) return;
      const seen = decodeLoosely(decodeLoosely(path)).replaceAll('\\', '/').split('/').map((s) => s.replace(/;.*/s, ''));
      assert.ok(!seen.includes('..') && !seen.includes('.'), `${target} is forwarded as ${path}`);
    }), { numRuns: 20_000 });
  });
});

const TARGET = fc.array(fc.constantFrom('/', '/', '.', '.', '%', '2', 'e', 'E', 'f', 'F', '5', 'c', 'C', '0', '\\', ';', '?', '#', '@', ':', 'a', 'admin', '..', '%2e', '%2f', '%25', '%3b'), { maxLength: 12 }).map((parts) => `/${parts.join('')}`);

const decodeLoosely = (text: string): string => text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
