import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expression, type Complaint } from '../../src/expressions/expression.js';
import { exchangeOf } from '../support/exchange.js';

const evaluate = (rules: unknown, given: Parameters<typeof exchangeOf>[0] = {}): boolean => {
  const { test } = expression(rules, (complaint) => assert.fail(JSON.stringify(complaint)));
  return test(exchangeOf(given));
};

const complaints = (rules: unknown): Complaint[] => {
  const found: Complaint[] = [];
  expression(rules, (complaint) => found.push(complaint));
  return found;
};

describe('a rule', () => {
  const query = 'a=1&b=x&neg=-2.50&hex=0x10&big=1e3&word=Foo&sp=%201%20&two=first&two=second&flag&ip=10.1.2.3&six=%3A%3Affff%3A10.1.2.3';
  for (const [rule, holds] of [
    [['arg_a', '==', '1'], true], [['arg_a', '==', 1], true], [['arg_a', '==', '1.0'], false], [['arg_a', '==', 1.0], true], [['arg_sp', '==', 1], true],
    [['arg_b', '==', 1], false], [['arg_no', '==', 1], false], [['arg_no', '==', 'x'], false], [['arg_no', '==', null], true], [['arg_a', '==', null], false],
    [['arg_a', '1'], true], [['arg_a', '2'], false], [['arg_two', '==', 'first'], true], [['arg_two', '==', 'second'], false],
    [['arg_a', '~=', '2'], true], [['arg_a', '~=', 1], false], [['arg_b', '~=', 1], true], [['arg_no', '~=', 'x'], true], [['arg_no', '~=', 1], true], [['arg_no', '~=', null], false], [['arg_a', '~=', null], true],
    [['arg_a', '>', 0], true], [['arg_a', '>', '0'], true], [['arg_a', '>', 1], false], [['arg_a', '>=', 1], true], [['arg_neg', '<', -2], true], [['arg_neg', '<=', -2.5], true],
    [['arg_hex', '==', 16], true], [['arg_big', '==', 1000], true], [['arg_b', '>', 0], false], [['arg_b', '<', 0], false], [['arg_no', '<', 5], false],
    [['arg_word', '~~', '^[A-Z]oo$'], true], [['arg_word', '~~', 'foo'], false], [['arg_word', '~*', 'foo'], true], [['arg_word', '~~', 'o'], true], [['arg_no', '~~', '.*'], false],
    [['arg_a', 'in', ['0', '1']], true], [['arg_a', 'in', [1]], false], [['arg_no', 'in', ['x']], false], [['arg_a', 'in', []], false],
    [['arg_b', 'has', 'x'], false], [['arg_ip', 'ipmatch', '10.0.0.0/8'], true], [['arg_ip', 'ipmatch', ['127.0.0.1', '10.1.2.3']], true], [['arg_ip', 'ipmatch', ['10.1.2.4', 'fd00::/8']], false],
    [['arg_six', 'ipmatch', ['10.1.0.0/16']], true], [['arg_no', 'ipmatch', ['0.0.0.0/0']], false], [['arg_b', 'ipmatch', ['0.0.0.0/0', '::/0']], false], [['remote_addr', 'ipmatch', '127.0.0.0/8'], true], [['remote_addr', 'ipmatch', '::/0'], false],
    [['arg_a', '!', '==', '1'], false], [['arg_no', '!', '~~', 'x'], true], [['arg_no', '!', '>', 3], true], [['arg_a', '!', 'in', ['2']], true],
    [['arg_a', 'IN', ['1']], true], [['remote_addr', 'IpMatch', ['127.0.0.1']], true], [['arg_a', '!', 'In', ['1']], false],
    [['uri', '==', '/p'], true], [['request_method', '==', 'GET'], true], [['host', '==', 'shop.example'], true], [['arg_flag', '==', true], true], [['arg___proto__', '==', null], true],
  ] as const) {
    it(`${JSON.stringify(rule)} ${holds ? 'holds' : 'does not hold'}`, () => assert.equal(evaluate([rule], { url: `/p?${query}` }), holds));
  }
});

describe('an expression', () => {
  const t = ['arg_a', '==', '1'];
  const f = ['arg_a', '==', '2'];
  for (const [rules, holds] of [
    [[], true], [[t, t], true], [[t, f], false], [['AND', t, t], true], [['and', t, f], false], [['OR', f, t], true], [['or', f, f], false], [['!AND', t, t], false], [['!AND', t, f], true], [['!or', f, f], true], [['!OR', f, t], false],
    [[['OR', f, t], t], true], [['OR', f, ['AND', t, ['!AND', t, f]]], true], [[[t, f]], false], [[[t, t], [t]], true], [['OR', [t, f], f], false], [['AND', t, ['OR', [f], [t]]], true],
  ] as const) {
    it(`${JSON.stringify(rules)} ${holds ? 'holds' : 'does not hold'}`, () => assert.equal(evaluate(rules, { url: '/?a=1' }), holds));
  }
});

describe('of a body', () => {
  const json = { method: 'POST', headers: ['Content-Type', 'application/json'], body: '{"model":"gpt","n":2,"on":true,"list":["a","b"],"deep":{"x":{"y":"z"}},"messages":[{"role":"user","type":"text"},{"role":"system","type":"image"}],"nul":null}' };
  for (const [rule, holds] of [
    [['post_arg.model', '==', 'gpt'], true], [['post_arg.n', '==', 2], true], [['post_arg.n', '==', '2'], false], [['post_arg.n', '>', 1], true], [['post_arg.on', '==', true], true], [['post_arg.on', '==', 'true'], false],
    [['post_arg.list', 'has', 'b'], true], [['post_arg.list', 'has', 'c'], false], [['post_arg.deep.x.y', '==', 'z'], true], [['post_arg.deep.no.y', '==', null], true], [['post_arg.model.x', '==', null], true],
    [['post_arg.messages[*].type', 'has', 'image'], true], [['post_arg.messages[0].role', 'has', 'user'], true], [['post_arg..y', 'has', 'z'], true], [['post_arg.messages[*].no', 'has', 'x'], false], [['post_arg.messages[*].no', '==', null], true],
    [['post_arg.constructor', '==', null], true], [['post_arg.__proto__', '==', null], true], [['post_arg.nul', '==', null], true], [['post_arg_model', '==', null], true], [['request_body', '~~', '"gpt"'], true],
  ] as const) {
    it(`JSON: ${JSON.stringify(rule)} ${holds ? 'holds' : 'does not hold'}`, () => assert.equal(evaluate([rule], json), holds));
  }

  it('forms have fields of one value', () => {
    const form = { method: 'POST', headers: ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'], body: 'a=1&a=2&b=%C3%A9+x' };
    assert.ok(evaluate([['post_arg_a', '==', '1'], ['post_arg.a', '==', 1], ['post_arg.b', '==', 'é x'], ['post_arg_c', '==', null]], form));
  });

  it('multipart bodies have the fields of their parts', () => {
    const body = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name="f"; filename="n.txt"\r\nContent-Type: text/plain\r\n\r\ntwo\r\nlines\r\n--x--\r\n';
    assert.ok(evaluate([['post_arg.a', '==', 1], ['post_arg.f', '==', 'two\r\nlines'], ['post_arg_a', '==', null]], { method: 'POST', headers: ['Content-Type', 'multipart/form-data; boundary=x'], body }));
  });

  it('what is broken has none', () => {
    for (const [type, body] of [['application/json', '{"a":'], ['multipart/form-data', 'a'], ['text/plain', 'a=1'], ['', '{"a":1}']] as const) {
      assert.ok(evaluate([['post_arg.a', '==', null], ['post_arg_a', '==', null]], { method: 'POST', headers: ['Content-Type', type], body }), type);
    }
  });

  for (const [document, operation, name, fields] of [
    ['{ owner { name } repo }', 'query', '', ['owner', 'repo']],
    ['query Q($a: [Int!] = [1], $b: In = {x: "}"}) @d(if: true) { a: owner(id: {x: "{"}) @skip(if: false) { name } ...F ... on T { hidden } repo }', 'query', 'Q', ['owner', 'repo']],
    ['# {\nmutation M { repo(name: """ } """) }', 'mutation', 'M', ['repo']],
    ['fragment F on T { x { y } } subscription { news }', 'subscription', '', ['news']],
  ] as const) {
    it(`GraphQL: ${document.replaceAll('\n', ' ')}`, () => {
      const rules = [['graphql_operation', '==', operation], ['graphql_name', '==', name], ...fields.map((field) => ['graphql_root_fields', 'has', field]), ['graphql_root_fields', '!', 'has', 'hidden'], ['graphql_root_fields', '!', 'has', 'name']];
      for (const given of [
        { url: `/?query=${encodeURIComponent(document)}` },
        { method: 'POST', headers: ['Content-Type', 'application/json'], body: JSON.stringify({ query: document }) },
        { method: 'POST', headers: ['Content-Type', 'application/graphql'], body: document },
      ]) assert.ok(evaluate(rules, given), JSON.stringify(given));
    });
  }

  it('GraphQL that is none has no operation', () => {
    for (const query of ['', '}', 'fragment', 'fragment F', 'hello { a }', 'query', '"', 'query {', '{'.repeat(5000)]) {
      evaluate([['graphql_operation', '==', 'query']], { url: `/?query=${encodeURIComponent(query)}` });
    }
    assert.ok(evaluate([['graphql_operation', '==', null]], { url: '/?query=hello' }));
  });
});

describe('is refused, at its place:', () => {
  for (const [rules, path, message] of [
    ['x', [], 'an expression is a list of rules'],
    [['arg_a', '==', '1'], [], 'each rule of an expression needs brackets of its own'],
    [[['arg_a', '==', '1'], 'x'], [1], 'a rule is a list'],
    [[[]], [0], 'this rule is empty'],
    [['OR', ['arg_a', '==', 1]], [], '`OR` takes at least two rules'],
    [[['arg_a']], [0], 'a rule is `[variable, operator, value]` or `[variable, "!", operator, value]`'],
    [[['arg_a', '==']], [0], '`==` has nothing to compare with'],
    [[['arg_a', '*=', 'x']], [0, 1], 'there is no operator `*=`'],
    [[['arg_a', '!', '=', 'x']], [0, 2], 'there is no operator `=`'],
    [[['arg_a', 'equals', 'x']], [0, 1], 'there is no operator `equals`'],
    [[['arg_a', '~', 'x']], [0, 1], 'there is no operator `~`'],
    [[['arg_a', 'hush', 'x']], [0, 1], 'this is no operator'],
    [[['x', '==', 'arg_a']], [0, 0], 'a rule begins with its variable'],
    [[['arg_a', '==', '1', '2']], [0], 'a rule is `[variable, operator, value]` or `[variable, "!", operator, value]`'],
    [[['arg_a', 'ipmatch', ['10.0.0.0/8', '10.0.0.0/33']]], [0, 2, 1], 'this is no address and no CIDR'],
    [[['arg_a', 'ipmatch', 'x']], [0, 2], 'this is no address and no CIDR'],
    [[['arg_a', 'ipmatch', []]], [0, 2], '`ipmatch` takes at least one address'],
    [[['arg_a', '~~', '(']], [0, 2], /^this regular expression: /],
    [[['arg_a', 'in', 'x']], [0, 2], '`in` takes a list'],
    [[['arg_a', '==', ['x']]], [0, 2], 'no variable equals a list or a mapping'],
    [[['arg_a', '>', 'x']], [0, 2], 'this operator compares numbers, and this is none'],
    [[[5, '==', 'x']], [0, 0], 'a rule begins with the name of a variable'],
    [[['reqest_method', '==', 'x']], [0, 0], 'there is no variable `reqest_method`'],
    [[['constructor', '==', 'x']], [0, 0], 'there is no variable `constructor`'],
    [['AND', ['arg_a', '==', 'x'], ['OR', ['arg_a', '==', 1], ['__proto__', '==', 1]]], [2, 2, 0], 'there is no variable `__proto__`'],
  ] as const) {
    it(JSON.stringify(rules), () => {
      const [first, ...more] = complaints(rules);
      assert.deepEqual([first?.path, more], [path, []]);
      if (typeof message === 'string') assert.equal(first?.message, message);
      else assert.match(first?.message ?? '', message);
    });
  }

  it('with what was probably meant', () => {
    const hints = (rule: unknown[]): (string | undefined)[] => complaints([rule]).map(({ hint }) => hint);
    assert.deepEqual([hints(['reqest_method', '==', 'x']), hints(['Http-User-Agent', '==', 'x']), hints(['arg_a', '!=', 'x'])], [['did you mean `request_method`?'], ['did you mean `http_user_agent`?'], ['did you mean `~=`?']]);
  });
});
