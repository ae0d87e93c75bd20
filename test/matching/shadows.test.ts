import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shadows } from '../../src/matching/shadows.js';
import type { Rule } from '../../src/matching/rule.js';
import { atOnce } from '../../src/steps.js';

type Written = Partial<Omit<Rule<string>, 'route' | 'methods'>> & { readonly methods?: readonly string[]; readonly asks?: string };

/** What is told of routes, as `route uri < by`. */
function told(routes: Readonly<Record<string, Written>>, byHost = true): string[] {
  const asks = new Map<Rule<string>, string>();
  const rules = Object.entries(routes).map(([route, { uris = ['/a'], hosts = [], priority = 0, methods, asks: conditions = '' }]) => {
    const rule: Rule<string> = { route, uris, hosts, priority, methods: methods && new Set(methods) };
    asks.set(rule, conditions);
    return rule;
  });
  return atOnce(shadows(rules, (rule) => asks.get(rule) ?? '', byHost)).map(({ rule, uri, by, isDuplicate }) => `${rule.route} ${rule.uris[uri]} ${isDuplicate ? '=' : '<'} ${by.route}`);
}

describe('a path that is never reached', () => {
  for (const [name, routes, expected] of [
    ['the same twice', { a: {}, b: {} }, ['b /a = a']],
    ['a higher priority, later in the file', { a: {}, b: { priority: 1 } }, ['a /a < b']],
    ['fewer methods before', { a: { methods: ['GET'] }, b: {} }, []],
    ['fewer methods after', { a: {}, b: { methods: ['GET'] } }, ['b /a < a']],
    ['methods that several take', { a: { methods: ['GET'] }, b: { methods: ['POST', 'PUT'] }, c: { methods: ['GET', 'POST'] } }, ['c /a < a']],
    ['the same methods in another order', { a: { methods: ['GET', 'POST'] }, b: { methods: ['POST', 'GET'] } }, ['b /a = a']],
    ['conditions before', { a: { asks: 'x' }, b: {} }, []],
    ['conditions after', { a: {}, b: { asks: 'x' } }, ['b /a < a']],
    ['the same conditions', { a: { asks: 'x' }, b: { asks: 'x' } }, ['b /a = a']],
    ['other conditions', { a: { asks: 'x' }, b: { asks: 'y' } }, []],
    ['another path', { a: { uris: ['/a*'] }, b: { uris: ['/a'] } }, []],
    ['one of two paths', { a: {}, b: { uris: ['/b', '/a'] } }, ['b /a = a']],
    ['another host', { a: { hosts: ['x'] }, b: { hosts: ['y'] }, c: {} }, []],
    ['one of two hosts', { a: { hosts: ['x'] }, b: { hosts: ['x', 'y'] } }, []],
    ['each of two hosts', { a: { hosts: ['x'] }, b: { hosts: ['y'] }, c: { hosts: ['x', 'y'] } }, ['c /a = a']],
  ] as const) {
    it(`${name}: ${expected.join(', ') || 'nothing to tell'}`, () => assert.deepEqual(told(routes), expected));
  }

  it('is judged with the host as a condition where it is one', () => {
    assert.deepEqual(told({ a: {}, b: { hosts: ['x'] } }, false), ['b /a < a']);
    assert.deepEqual(told({ a: { hosts: ['x', 'y'] }, b: { hosts: ['y', 'x'] }, c: { hosts: ['x'] } }, false), ['b /a = a']);
  });

  it('is found among many within a moment', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`r${i}`, { uris: ['/same'], asks: `x${i}` }]));
    const started = performance.now();
    assert.deepEqual(told(many), []);
    assert.ok(performance.now() - started < 3000);
  });
});
