import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileRegex, isRegex, type Regex } from '../../src/regex/regex.js';

test('an expression that could take very long on some texts never does', () => {
  const hostile: readonly (readonly [string, string])[] = [
    ['^/(a|a)*$', `/${'a'.repeat(16_000)}!`], ['(.*)(.*)(.*)=x', 'a'.repeat(16_000)], ['^(a+)+$', `${'a'.repeat(16_000)}!`], ['^(\\w+\\s?)*$', `${'a'.repeat(16_000)}!`],
    ['\\d+$', `${'1'.repeat(16_000)}x`], ['a.*b', 'a'.repeat(16_000)], ['.*\\.php$', 'a'.repeat(16_000)], ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(16_000)],
    ['(x+x+)+y', 'x'.repeat(16_000)], ['^(a?){30}a{30}$', 'a'.repeat(16_000)], ['^/(.*)/(.*)/(.*)$', `${'/'.repeat(16_000)}\n`], ['(?i)^(a|A)*$', `${'a'.repeat(16_000)}!`],
  ];
  for (const [expression, text] of hostile) {
    const regex = compiled(expression);
    regex.test('warm');
    const started = performance.now();
    regex.test(text);
    assert.ok(performance.now() - started < 500, `${expression} took ${performance.now() - started} ms`);
  }
});

test('whatever runs on the engine of JavaScript takes time in proportion to the text', () => {
  const texts = ['a', 'b', 'ab', 'ba', 'aab'].flatMap((unit) => [unit.repeat(6000 / unit.length), `${unit.repeat(6000 / unit.length)}\n`]);
  fc.assert(fc.property(expressions(true), (expression) => {
    const regex = compileRegex(expression);
    if (!(regex instanceof RegExp)) return;
    for (const text of texts) {
      const started = performance.now();
      regex.test(text);
      assert.ok(performance.now() - started < 200, `${expression} took ${performance.now() - started} ms`);
    }
  }), { numRuns: 1000 });
});

test('both engines find what JavaScript finds', () => {
  fc.assert(fc.property(expressions(false), fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 12 }), (expression, text) => {
    const regex = compileRegex(expression);
    if (!isRegex(regex)) return;
    const expected = new RegExp(expression).exec(text);
    const found = regex.exec(text);
    assert.equal(found?.[0], expected?.[0], expression);
    assert.equal(found?.index, expected?.index, expression);
    assert.equal(regex.test(text), expected !== null, expression);
  }), { numRuns: 2000 });
});

test('plain expressions run on the engine of JavaScript', () => {
  for (const expression of ['^/ip$', '\\.php$', '^/api/(.*)', '^/api/(.*)/(.*)', '^/v[0-9]+/users/([^/]+)/orders/([^/]+)$', '(bot|crawler|spider)', '^/(.*)\\.php$', '^(?!.*admin)/', '^/a|^/b', '(?i)^/IP$']) {
    assert.ok(compileRegex(expression) instanceof RegExp, expression);
  }
});

test('what PCRE writes its own way means what it means there', () => {
  const matches: readonly (readonly [string, string, string])[] = [
    ['(?i)^/IP$', '/ip', ''], ['^/ip$', '/IP', 'i'], ['^/ip$', '/IP', 'joi'], ['[[:digit:]]{3}', 'x123', ''], ['\\A/x\\z', '/x', ''], ['(?P<year>\\d{4})', 'in 2026', ''],
    ['\\Q.*\\E$', 'a.*', ''], ['a(?#note)b', 'ab', ''], ['^\\h+$', ' \t', ''], ['[]]', ']', ''], ['[\\w-]+$', 'a-b', ''], ['\\x{41}\\x42', 'AB', ''], ['a{,2}', 'a{,2}', ''], ['{', '{', ''],
    ['^a.b$', 'a\rb', ''], ['(?s)^a.b$', 'a\nb', ''], ['(?m)^b$', 'a\nb', ''], ['\\/\\-\\_\\"', '/-_"', ''], ['(?i:A)b', 'ab', ''], ['\\p{L}', 'é', ''], ['^(?:😀)+$', '😀😀', ''], ['^😀+$', '😀😀', ''],
  ];
  for (const [expression, text, flags] of matches) assert.ok(compiled(expression, flags).test(text), expression);
  for (const [expression, text] of [['^\\s$', '\u00a0'], ['^\\d$', '٣'], ['^a$', 'a\n'], ['^.$', '\n'], ['(?i)^[^a]$', 'A']] as const) assert.ok(!compiled(expression).test(text), expression);
});

test('groups are told with their place, also by the slower engine', () => {
  for (const expression of ['/(b)/(x)?(c)$', '/([^/]+)/(x)?([^/]+)$']) {
    const found = compiled(expression).exec('/a/b/c');
    assert.deepEqual(found && [...found, found.index], ['/b/c', 'b', undefined, 'c', 2]);
  }
});

test('what is refused is refused with its reason', () => {
  const refusals: readonly (readonly [string, RegExp])[] = [
    ['(a', /`\(` is not closed/], ['a)', /closes nothing/], ['[a', /`\[` is not closed/], ['a\\', /backslash/], ['*a', /nothing that `\*`/], ['a++', /possessive/], ['(?>a)', /atomic/],
    ['(?<=.*b.*)(a*)*', /look behind/], ['(a)\\1', /back reference/], ['(?|a)', /not known/], ['\\y', /means nothing/], ['[b-a]', /backwards/], ['a{2,1}', /at least 2/], ['a{2000}', /1000/],
    ['((a{1,10}){1,10}){1,10}.*', /too large/], ['(?x) a', /flag x/], ['[[:foo:]]', /no class/], ['('.repeat(60), /deeper/], ['a'.repeat(5000), /longer than/], ['(?<a>x)(?<a>y)', /not well formed/],
  ];
  for (const [expression, reason] of refusals) {
    const result = compileRegex(expression);
    assert.ok(!isRegex(result), expression);
    assert.match(result.message, reason);
  }
  const flag = compileRegex('a', 'y');
  assert.ok(!isRegex(flag) && /flag y/.test(flag.message));
});

test('no text at all makes the reader fail', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'ab1()[]{}?*+|^$.\\-:<>=!,iPQEdw/ \n😀') }), (text) => {
    const result = compileRegex(text);
    if (isRegex(result)) result.test('ab');
  }), { numRuns: 5000 });
});

function compiled(expression: string, flags = ''): Regex {
  const result = compileRegex(expression, flags);
  assert.ok(isRegex(result), `${expression}: ${'message' in result ? result.message : ''}`);
  return result;
}

/** Expressions over few characters, so that much overlaps; engines differ in how often they repeat what may be nothing. */
function expressions(ofNothing: boolean): fc.Arbitrary<string> {
  const { expression } = fc.letrec<{ expression: string; item: string; atom: string }>((tie) => ({
    atom: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constantFrom('a', 'b', '/', '.', '[ab]', '[^a]', '[^/]', '\\w'), tie('expression').map((inner) => (ofNothing ? `(${inner})` : `(a(?:${inner}))`))),
    item: fc.tuple(tie('atom'), fc.constantFrom('', '', '', '*', '+', '?', '{1,3}', '*?', '{2,}')).map(([atom, sign]) => `${atom}${sign}`),
    expression: fc.array(fc.array(tie('item'), { minLength: 1, maxLength: 4 }).map((items) => items.join('')), { minLength: 1, maxLength: 2 }).map((options) => options.join('|')),
  }));
  return fc.tuple(fc.constantFrom('', '^'), expression, fc.constantFrom('', '$', 'c')).map((parts) => parts.join(''));
}
