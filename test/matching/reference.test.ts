import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Matcher, type Router } from '../../src/matching/matcher.js';
import type { Rule, Subject } from '../../src/matching/rule.js';
import { atOnce } from '../../src/steps.js';

/** A route and a request of few letters, so that they meet. */
const segment = fc.constantFrom('a', 'b', 'ab', 'aa', ':x', '*', 'a*', '*y', '');
const uri = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join('/')}`);
const host = fc.constantFrom('foo.com', 'a.foo.com', '*.foo.com', '*.com', '*foo.com', '*', 'b.org', '*.a.foo.com');
const rule = fc.record({ uris: fc.uniqueArray(uri, { minLength: 1, maxLength: 2 }), hosts: fc.uniqueArray(host, { maxLength: 2 }), priority: fc.integer({ min: 0, max: 2 }), methods: fc.option(fc.uniqueArray(fc.constantFrom('GET', 'POST'), { minLength: 1 }), { nil: undefined }) });
const request = fc.record({
  path: fc.array(fc.constantFrom('a', 'b', 'ab', 'aa', 'aab', ':x', '*'), { maxLength: 4 }).map((segments) => `/${segments.join('/')}`),
  host: fc.constantFrom('foo.com', 'a.foo.com', 'b.a.foo.com', 'xfoo.com', 'com', 'org', 'b.org', ''),
  method: fc.constantFrom('GET', 'POST'),
});

type Written = typeof rule extends fc.Arbitrary<infer T> ? T : never;
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

describe('a route is found as by trying all of them in the order that the rules of precedence say', () => {
  for (const router of ['radixtree_host_uri', 'radixtree_uri', 'radixtree_uri_with_parameter'] as const) {
    it(router, () => {
      fc.assert(fc.property(fc.array(rule, { maxLength: 12 }), fc.array(request, { minLength: 1, maxLength: 20 }), (written, requests) => {
        const rules = written.map((w, i): Rule<number> => ({ ...w, route: i, methods: w.methods && new Set<string>(w.methods) }));
        const matcher = atOnce(Matcher.of(rules, router));
        for (const sent of requests) {
          const match = matcher.find(sent as unknown as Subject, sent.path);
          assert.equal(typeof match === 'string' ? match : match?.route, reference(written, sent, router), JSON.stringify(sent));
        }
      }), { numRuns: 400 });
    });
  }
});

/** One place of a route, and how it is ranked; the least comes first. */
interface Place {
  readonly route: number;
  readonly rank: readonly number[];
}

function reference(written: readonly Written[], sent: Request, router: Router): number | undefined {
  const places = written.flatMap((w, route): Place[] => {
    if (w.methods && !w.methods.includes(sent.method as 'GET')) return [];
    const hosts = w.hosts.filter((h) => (h.startsWith('*') ? sent.host.endsWith(h.slice(1)) : sent.host === h));
    if (w.hosts.length > 0 && hosts.length === 0) return [];
    return w.uris.filter((u) => expressionOf(u, router).test(sent.path)).flatMap((u, i) => {
      const byHost = router === 'radixtree_host_uri';
      const ranks = byHost && hosts.length > 0 ? hosts.map((h) => (h.startsWith('*') ? 1000 - h.length : 0)) : [byHost ? 2000 : 0];
      return ranks.map((rank) => ({ route, rank: [rank, ...rankOf(u, router), -w.priority, route, i] }));
    });
  });
  const [first] = places.sort((a, b) => a.rank.map((r, i) => r - (b.rank[i] ?? 0)).find((d) => d !== 0) ?? 0);
  return first?.route;
}

/** Exact before prefixes, longer prefixes before shorter. */
function rankOf(u: string, router: Router): number[] {
  const at = (router === 'radixtree_uri_with_parameter' ? /\*|(?<=\/):(?=[^/])/ : /\*/).exec(u)?.index;
  return at === undefined ? [0, 0] : [1, -at];
}

function expressionOf(u: string, router: Router): RegExp {
  const parameters = router === 'radixtree_uri_with_parameter';
  const source = u.split('/').map((s) => {
    if (parameters && /^:./.test(s)) return '[^/]+';
    if (parameters && s.startsWith('*')) return '[^]*';
    return s.split('*').map((text) => text.replace(/[.:]/g, '\\$&')).join('[^]*');
  }).join('/');
  return new RegExp(`^${source}$`);
}
