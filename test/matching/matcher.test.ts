import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressList } from '../../src/addresses.js';
import { expression } from '../../src/expressions/expression.js';
import { Matcher, type Router } from '../../src/matching/matcher.js';
import { glob } from '../../src/matching/pattern.js';
import type { Rule, Subject } from '../../src/matching/rule.js';
import { hostName } from '../../src/proxy/host.js';
import { atOnce } from '../../src/steps.js';
import { exchangeOf } from '../support/exchange.js';

interface Written extends Partial<Omit<Rule<string>, 'route' | 'methods' | 'addresses' | 'vars'>> {
  readonly methods?: readonly string[];
  readonly addresses?: readonly string[];
  readonly vars?: unknown;
}

const ruleOf = (route: string, { uris = ['/*'], hosts = [], priority = 0, methods, addresses, vars }: Written): Rule<string> => ({
  route, uris, hosts, priority, methods: methods && new Set(methods), addresses: addresses && addressList(addresses, () => assert.fail()), vars: vars === undefined ? undefined : expression(vars, () => assert.fail()),
});

/** Routes by id, in the order of the file. */
function matcher(routes: Readonly<Record<string, Written>>, router?: Router): (path: string, host?: string, method?: string) => string | undefined {
  const found = atOnce(Matcher.of(Object.entries(routes).map(([id, written]) => ruleOf(id, written)), router));
  return (path, host = 'any.test', method = 'GET') => {
    const match = found.find({ method, host: hostName(host) ?? '' } as Subject, path);
    return typeof match === 'string' ? match : match?.route;
  };
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

describe('radixtree_uri', () => {
  const uri = (routes: Readonly<Record<string, Written>>) => matcher(routes, 'radixtree_uri');

  it('does not put a host before none: of one path the priority decides, then the order', () => {
    const find = uri({ none: {}, host: { hosts: ['foo.com'] }, high: { hosts: ['*.foo.com'], priority: 1 } });
    assert.deepEqual(['foo.com', 'a.foo.com', 'bar.com'].map((h) => find('/', h)), ['none', 'high', 'none']);
  });

  it('puts the path before the host', () => {
    const find = uri({ host: { hosts: ['foo.com'], priority: 100 }, exact: { uris: ['/only'] } });
    assert.deepEqual([find('/only', 'foo.com'), find('/x', 'foo.com')], ['exact', 'host']);
  });

  it('falls through where the host does not fit', () => {
    const find = uri({ a: { hosts: ['a.com', '*.b.com'], uris: ['/x'] }, star: { hosts: ['*'], uris: ['/*'], priority: -1 } });
    assert.deepEqual(['a.com', 'x.b.com', 'b.com', 'A.com:80'].map((h) => find('/x', h)), ['a', 'a', 'star', 'a']);
  });

  it('takes `:name` to the letter', () => {
    const find = uri({ a: { uris: ['/u/:name'] } });
    assert.deepEqual([find('/u/:name'), find('/u/joe')], ['a', undefined]);
  });
});

describe('radixtree_uri_with_parameter', () => {
  const captured = (uri: string, path: string): Record<string, string> | undefined => {
    const match = atOnce(Matcher.of([ruleOf('a', { uris: [uri] })], 'radixtree_uri_with_parameter')).find({ method: 'GET', host: '' } as Subject, path);
    if (typeof match === 'string' || !match) return undefined;
    return Object.fromEntries(match.capture?.(path) ?? []);
  };

  for (const [uri, path, expected] of [
    ['/u/:name', '/u/joe', { name: 'joe' }], ['/u/:name', '/u/', undefined], ['/u/:name', '/u/joe/', undefined], ['/u/:name', '/u/joe/z', undefined], ['/u/:name/z', '/u/joe/z', { name: 'joe' }], ['/u/:name/z', '/u/joe/z/', undefined],
    ['/:a/:b', '/1/2', { a: '1', b: '2' }], ['/:a/:b', '/1', undefined], ['/f/*rest', '/f/a/b.txt', { rest: 'a/b.txt' }], ['/f/*rest', '/f/', { rest: '' }], ['/f/*rest', '/f', undefined], ['/f/*', '/f/a/b', {}],
    ['/f/:a/*rest', '/f/1/2/3', { a: '1', rest: '2/3' }], ['/f/*mid/end', '/f/1/2/end', { mid: '1/2' }], ['/f/*mid/end', '/f/end', undefined], ['/f/*mid/:last', '/f/1/2/3', { mid: '1/2', last: '3' }], ['/a/*x/b/*y', '/a/1/b/2/b/3', { x: '1', y: '2/b/3' }],
    ['/v:ver', '/v:ver', {}], ['/v:ver', '/v1', undefined], ['/a*b', '/axxb', {}], ['/:', '/:', {}], ['/:', '/a', undefined], ['/u/:__proto__', '/u/1', Object.fromEntries([['__proto__', '1']])], ['/u/:x', '/u/\xc3\xa9 ~', { x: '\xc3\xa9 ~' }],
  ] as const) {
    it(`${uri} ${expected ? `finds ${JSON.stringify(expected)} in` : 'does not take'} ${JSON.stringify(path)}`, () => assert.deepEqual(captured(uri, path), expected));
  }

  it('an exact path goes before parameters, a longer beginning before a shorter, then the priority', () => {
    const find = matcher({ any: { uris: ['/u/*'] }, name: { uris: ['/u/:name'] }, me: { uris: ['/u/me'], priority: -5 }, deep: { uris: ['/u/a/:x'] }, high: { uris: ['/h/:x'], priority: 1 }, low: { uris: ['/h/*'] } }, 'radixtree_uri_with_parameter');
    assert.deepEqual(['/u/me', '/u/joe', '/u/a/b', '/u/a/b/c', '/h/1', '/h/1/2'].map((p) => find(p)), ['me', 'any', 'deep', 'any', 'high', 'low']);
  });
});

describe('conditions', () => {
  const rules: Readonly<Record<string, Written>> = {
    method: { methods: ['POST'] }, address: { addresses: ['10.0.0.0/8', '::1'] }, host: { hosts: ['foo.com'] }, vars: { vars: [['arg_v', '==', '2']] }, rest: { uris: ['/a*z'] }, long: { uris: ['/longer/*'] },
  };
  const found = atOnce(Matcher.of(Object.entries(rules).map(([id, written]) => ruleOf(id, written)), 'radixtree_uri'));
  const explain = (given: Parameters<typeof exchangeOf>[0]): unknown => {
    const tried: string[] = [];
    const x = exchangeOf(given);
    const match = found.find(x, x.path, (candidate, misfit) => tried.push(`${candidate.route}: ${misfit}`));
    return [...tried, typeof match === 'string' ? match : match?.route];
  };

  it('decide one by one, and those that do not fit are told with the first that does not', () => {
    assert.deepEqual(explain({ method: 'POST' }), ['method']);
    assert.deepEqual(explain({ address: '10.1.1.1' }), ['method: method', 'address']);
    assert.deepEqual(explain({ host: 'foo.com' }), ['method: method', 'address: address', 'host']);
    assert.deepEqual(explain({ url: '/?v=2' }), ['method: method', 'address: address', 'host: host', 'vars']);
    assert.deepEqual(explain({ url: '/abc?v=1' }), ['rest: path', 'method: method', 'address: address', 'host: host', 'vars: vars', undefined]);
    assert.deepEqual(explain({ url: '/longer/x' }), ['long']);
  });

  it('that look into a body ask for it, unless there is none or another condition does not fit', () => {
    const body = atOnce(Matcher.of([ruleOf('post', { methods: ['POST'], vars: [['post_arg.a', '==', 1]] }), ruleOf('rest', { priority: -1 })]));
    const match = (x: Subject): unknown => {
      const result = body.find(x, '/');
      return typeof result === 'string' ? result : result?.route;
    };
    const unread = { method: 'POST', host: '', details: { bodyKnown: false } } as unknown as Subject;
    assert.deepEqual([match(unread), match({ ...unread, method: 'PUT' }), match(exchangeOf({ method: 'POST' })), match(exchangeOf({ method: 'POST', headers: ['Content-Type', 'application/json'], body: '{"a":1}' }))], ['needs-fields', 'rest', 'rest', 'post']);
  });
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
  for (const [kind, written] of [
    ['exact paths', (i: number) => ({ uris: [`/svc${i}/x`] })], ['prefixes', (i: number) => ({ uris: [`/svc${i}/*`] })], ['hosts', (i: number) => ({ uris: ['/*'], hosts: [`h${i}.test`] })],
    ['wildcard hosts', (i: number) => ({ uris: ['/*'], hosts: [`*.h${i}.test`] })], ['parameters', (i: number) => ({ uris: [`/svc${i}/:x`] })],
  ] as const) {
    it(`is the same for 10 ${kind} and for 20,000`, () => {
      const nanoseconds = (count: number): number => {
        const find = matcher(Object.fromEntries(Array.from({ length: count }, (_, i) => [`r${i}`, written(i)])), kind === 'parameters' ? 'radixtree_uri_with_parameter' : undefined);
        const lap = (): number => {
          const started = process.cpuUsage();
          for (let i = 0; i < 10_000; i++) {
            const n = (i * 7919) % count;
            assert.ok(find(`/svc${n}/x`, kind === 'wildcard hosts' ? `a.h${n}.test` : `h${n}.test`));
          }
          const { user, system } = process.cpuUsage(started);
          return (user + system) / 10;
        };
        lap();
        return Math.min(lap(), lap(), lap());
      };
      const [few, many] = [nanoseconds(10), nanoseconds(20_000)];
      // caches of the machine are larger for ten
      assert.ok(many < few * 10 + 3000, `${few} ns, then ${many} ns`);
    });
  }
});
