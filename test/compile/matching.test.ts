import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Matcher, type Rule } from '../../src/compile/matcher.js';
import { glob } from '../../src/compile/path-index.js';
import type { Route } from '../../src/compile/route.js';
import { hostName } from '../../src/proxy/host.js';

type Written = Partial<Omit<Rule, 'route'>> & { readonly methods?: readonly string[] };

/** Routes by id, in the order of the file. */
function matcher(routes: Readonly<Record<string, Written>>): (path: string, host?: string, method?: string) => string | undefined {
  const rules = Object.entries(routes).map(([id, { uris = ['/*'], hosts = [], priority = 0, methods }]) => {
    const route = { id, methods: methods && new Set(methods) } as Partial<Route> as Route;
    return { route, uris, hosts, priority };
  });
  const found = new Matcher(rules);
  return (path, host = 'any.test', method = 'GET') => found.find(method, hostName(host) ?? '', path)?.id;
}

describe('of routes without hosts', () => {
  it('an exact path goes before a prefix, whatever the priority and the order', () => {
    const find = matcher({ prefix: { uris: ['/a*'], priority: 100 }, exact: { uris: ['/a'] } });
    assert.deepEqual(['/a', '/ab', '/b'].map((p) => find(p)), ['exact', 'prefix', undefined]);
  });

  it('the longest prefix goes first, whatever the priority and the order', () => {
    const find = matcher({ all: { uris: ['/*'], priority: 9 }, a: { uris: ['/a/*'], priority: 5 }, ab: { uris: ['/a/b/*'] } });
    assert.deepEqual(['/', '/a', '/a/', '/a/b', '/a/b/', '/a/b/c'].map((p) => find(p)), ['all', 'all', 'a', 'a', 'ab', 'ab']);
  });

  it('of one path the higher priority, then the first in the file', () => {
    const find = matcher({ low: { uris: ['/a'] }, high: { uris: ['/a'], priority: 1 }, first: { uris: ['/b/*'] }, second: { uris: ['/b/*'] }, below: { uris: ['/a'], priority: -1 } });
    assert.deepEqual([find('/a'), find('/b/c')], ['high', 'first']);
  });

  it('a path is compared with its case', () => assert.equal(matcher({ a: { uris: ['/A'] } })('/a'), undefined));
  it('a route may have several paths', () => {
    const find = matcher({ a: { uris: ['/x', '/y/*'] } });
    assert.deepEqual(['/x', '/y/1', '/z'].map((p) => find(p)), ['a', 'a', undefined]);
  });

  it('a wrong method falls through to the next candidate', () => {
    const find = matcher({ post: { uris: ['/a'], methods: ['POST'] }, put: { uris: ['/a'], methods: ['PUT'] }, rest: { uris: ['/*'], methods: ['GET', 'PUT'] } });
    assert.deepEqual(['POST', 'PUT', 'GET', 'DELETE'].map((m) => find('/a', 'h', m)), ['post', 'put', 'rest', undefined]);
  });

  it('a star in the middle is anything, slashes too, and the rest must fit', () => {
    const find = matcher({ mid: { uris: ['/x/*/y'] }, two: { uris: ['/t/*/u/*'] }, all: { uris: ['/x/*'], priority: -1 } });
    assert.deepEqual(['/x/1/y', '/x/1/2/y', '/x/1/z', '/x//y', '/x/y', '/t/1/u/2', '/t/1/v/2'].map((p) => find(p)), ['mid', 'mid', 'all', 'mid', 'all', 'two', undefined]);
  });

  it('`*` and `/*` take everything', () => {
    assert.equal(matcher({ a: { uris: ['*'] } })('/x/y'), 'a');
    assert.equal(matcher({ a: { uris: ['/*'] } })('/'), 'a');
  });

  it('names that objects have are names', () => {
    const find = matcher({ a: { uris: ['/__proto__', '/constructor'], hosts: ['constructor'] } });
    assert.deepEqual([find('/__proto__', 'constructor'), find('/toString', 'constructor'), find('/constructor', '__proto__')], ['a', undefined, undefined]);
  });
});

describe('of routes with hosts', () => {
  it('a host goes before none, whatever the path and the priority', () => {
    const find = matcher({ none: { uris: ['/only'], priority: 100 }, host: { hosts: ['foo.com'] } });
    assert.deepEqual([find('/only', 'foo.com'), find('/only', 'bar.com'), find('/x', 'bar.com')], ['host', 'none', undefined]);
  });

  it('an exact host goes before a wildcard, a longer wildcard before a shorter, `*` last', () => {
    const find = matcher({ star: { hosts: ['*'] }, com: { hosts: ['*.com'] }, foo: { hosts: ['*.foo.com'] }, exact: { hosts: ['a.foo.com'] }, none: {} });
    assert.deepEqual(['a.foo.com', 'b.foo.com', 'x.y.foo.com', 'foo.com', 'foo.org'].map((h) => find('/', h)), ['exact', 'foo', 'foo', 'com', 'star']);
  });

  it('a wildcard does not match its own root, nor within a label', () => {
    const find = matcher({ foo: { hosts: ['*.foo.com'] } });
    assert.deepEqual(['foo.com', 'xfoo.com', 'a.foo.com.evil', 'a.foo.com'].map((h) => find('/', h)), [undefined, undefined, undefined, 'foo']);
  });

  it('a host whose paths do not fit falls through to the next', () => {
    const find = matcher({ exact: { hosts: ['a.foo.com'], uris: ['/1'] }, wild: { hosts: ['*.foo.com'], uris: ['/2'] }, star: { hosts: ['*'], uris: ['/3'] }, none: { uris: ['/4'] } });
    assert.deepEqual(['/1', '/2', '/3', '/4', '/5'].map((p) => find(p, 'a.foo.com')), ['exact', 'wild', 'star', 'none', undefined]);
  });

  it('a wrong method falls through to another host', () => {
    const find = matcher({ exact: { hosts: ['foo.com'], methods: ['POST'] }, none: {} });
    assert.deepEqual([find('/', 'foo.com', 'POST'), find('/', 'foo.com', 'GET')], ['exact', 'none']);
  });

  it('case, port and the root\'s dot of the Host do not count', () => {
    const find = matcher({ foo: { hosts: ['foo.com'] }, six: { hosts: ['[::1]'] }, four: { hosts: ['127.0.0.1'] } });
    assert.deepEqual(['FOO.com', 'foo.com:8080', 'foo.com.', 'Foo.Com.:80', 'foo.com:', '[::1]', '[::1]:80', '127.0.0.1:80', '[::2]'].map((h) => find('/', h)), ['foo', 'foo', 'foo', 'foo', 'foo', 'six', 'six', 'four', undefined]);
  });

  it('a configured host with a port never matches', () => assert.equal(matcher({ a: { hosts: ['foo.com:80'] } })('/', 'foo.com:80'), undefined));

  it('several hosts are as many routes', () => {
    const find = matcher({ a: { hosts: ['a.com', '*.b.com'] } });
    assert.deepEqual(['a.com', 'x.b.com', 'c.com'].map((h) => find('/', h)), ['a', 'a', undefined]);
  });
});

describe('the name in a Host', () => {
  for (const [sent, name] of [['A.b', 'a.b'], ['a:1', 'a'], ['', ''], ['[::A]:1', '[::a]'], ['a_b', 'a_b'], ['a/b', undefined], ['a@b', undefined], ['a b', undefined], ['a:b', undefined], ['[::1', undefined], ['::1', undefined], ['a\\b', undefined], ['a?b', undefined], ['a#b', undefined]] as const) {
    it(`${JSON.stringify(sent)} is ${name}`, () => assert.equal(hostName(sent), name));
  }
});

describe('a pattern', () => {
  it('takes time in proportion to the path, whatever it is', () => {
    const fits = glob(`/${'*a'.repeat(50)}*b`);
    const started = performance.now();
    assert.equal(fits(`/${'a'.repeat(4000)}`), false);
    assert.ok(performance.now() - started < 50);
  });

  it('does not use one character twice', () => {
    assert.equal(glob('/ab*ba')('/aba'), false);
    assert.equal(glob('/a*b*c')('/abc'), true);
    assert.equal(glob('/a*bb*b')('/abb'), false);
  });
});

describe('the cost of a match', () => {
  it('is the same for 10 routes and for 10,000', () => {
    const nanoseconds = (count: number): number => {
      const routes = Object.fromEntries(Array.from({ length: count }, (_, i) => [`r${i}`, { uris: i % 2 ? [`/svc${i}/*`] : [`/svc${i}`], hosts: i % 3 ? [] : [`h${i}.test`] }]));
      const find = matcher(routes);
      const lap = (): number => {
        const started = performance.now();
        for (let i = 0; i < 20_000; i++) find(`/svc${(i * 7) % count}/x`, 'h3.test');
        return (performance.now() - started) * 50;
      };
      lap();
      return Math.min(lap(), lap(), lap());
    };
    const [few, many] = [nanoseconds(10), nanoseconds(10_000)];
    assert.ok(many < few * 10 + 2000, `${few} ns, then ${many} ns`);
  });
});
