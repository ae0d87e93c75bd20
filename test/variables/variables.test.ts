import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseOperation } from '../../src/variables/graphql.js';
import { template } from '../../src/variables/template.js';
import { variable, variableNear } from '../../src/variables/variable.js';
import { exchangeOf } from '../support/exchange.js';

const given = {
  url: '//a/../p%C3%A9?x=1&y=%20a&x=2', host: 'Shop.Example:8080', address: '10.1.2.3',
  headers: ['X-Some_Name', 'one', 'x-some-name', 'two', 'Cookie', 'a=1; s="q"', 'Cookie', 'b=%20', 'X-Utf', '\xc3\xa9', 'X-Latin', '\xe9', 'Content-Type', 'text/plain'],
};

describe('the variable', () => {
  for (const [name, value] of [
    ['uri', '/pé'], ['document_uri', '/pé'], ['request_uri', '/p%C3%A9?x=1&y=%20a&x=2'], ['real_request_uri', '//a/../p%C3%A9?x=1&y=%20a&x=2'], ['args', 'x=1&y=%20a&x=2'], ['query_string', 'x=1&y=%20a&x=2'], ['is_args', '?'],
    ['host', 'shop.example'], ['scheme', 'http'], ['https', ''], ['request_method', 'GET'], ['server_protocol', 'HTTP/1.1'], ['request', 'GET //a/../p%C3%A9?x=1&y=%20a&x=2 HTTP/1.1'],
    ['remote_addr', '10.1.2.3'], ['remote_port', '40000'], ['realip_remote_addr', '10.1.2.3'], ['server_addr', '127.0.0.1'], ['server_port', '9080'],
    ['arg_x', '1'], ['arg_y', ' a'], ['arg_z', undefined], ['http_x_some_name', 'one, two'], ['http_x-some-name', 'one, two'], ['http_X_Some_Name', 'one, two'], ['http_host', 'Shop.Example:8080'], ['http_cookie', 'a=1; s="q"; b=%20'], ['http_no', undefined],
    ['http_x_utf', 'é'], ['http_x_latin', 'é'], ['cookie_a', '1'], ['cookie_s', 'q'], ['cookie_b', '%20'], ['cookie_c', undefined], ['content_type', 'text/plain'], ['content_length', undefined],
    ['consumer_name', undefined], ['route_id', undefined], ['status', undefined], ['balancer_ip', undefined], ['upstream_status', undefined], ['uri_param_x', undefined], ['sent_http_x', undefined],
  ] as const) {
    it(`${name} is ${JSON.stringify(value)}`, () => assert.equal((variable(name) ?? assert.fail('unknown')).get(exchangeOf(given)), value));
  }

  it('of a header is what the upstream gets', () => {
    const x = exchangeOf(given);
    const read = (name: string) => variable(name)?.get(x);
    x.setHeader('X-Some-Name', 'mine');
    x.removeHeader('x-utf');
    assert.deepEqual([read('http_x_some_name'), read('http_x_utf')], ['mine', undefined]);
  });

  it('of a header is not there where a client says what is the gateway\'s to say', () => {
    const x = exchangeOf({ headers: ['X-Forwarded-For', '1.2.3.4', 'X_Forwarded_For', '1.2.3.4', 'X-Real-IP', '1.2.3.4', 'X-Consumer-Username', 'root', 'X-Consumer-Any', 'a', 'Forwarded', 'for=1.2.3.4'] });
    for (const name of ['http_x_forwarded_for', 'http_x_real_ip', 'http_x_consumer_username', 'http_x_consumer_any', 'http_forwarded']) assert.equal(variable(name)?.get(x), undefined, name);
  });

  it('request_id stays the same for a request', () => {
    const x = exchangeOf(given);
    const id = variable('request_id')?.get(x);
    assert.match(String(id), /^[0-9a-f]{32}$/);
    assert.equal(variable('request_id')?.get(x), id);
    assert.notEqual(variable('request_id')?.get(exchangeOf(given)), id);
  });

  for (const [name, form] of [['time_iso8601', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/], ['time_local', /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}$/], ['msec', /^\d+\.\d{3}$/], ['request_time', /^\d+\.\d{3}$/]] as const) {
    it(`${name} is a time`, () => assert.match(String(variable(name)?.get(exchangeOf(given))), form));
  }

  for (const name of ['', 'nothing', 'constructor', '__proto__', 'toString', 'http_', 'arg_', 'cookie_', 'post_arg.', 'post_arg.a[', 'URI']) {
    it(`${JSON.stringify(name)} is not known`, () => assert.equal(variable(name), undefined));
  }

  it('that is not known is near one that is', () => {
    assert.deepEqual(['remote_adr', 'URI', 'requesturi', 'arg-x', 'zzzzzzzzzzzz'].map(variableNear), ['remote_addr', 'uri', 'request_uri', 'arg_x', undefined]);
  });
});

describe('a GraphQL document', () => {
  it('is read in no time, whatever is in it', () => {
    const begun = performance.now();
    for (const piece of ['#', '# #\n', '"""\\', '"', '{', '...', ' ,', '\\"""', 'a:']) {
      for (const end of ['%', '\n%', '']) parseOperation(piece.repeat(5000) + end);
    }
    assert.ok(performance.now() - begun < 1000);
    assert.deepEqual(parseOperation('# a # b\n#\r\nmutation M { f # g'), { operation: 'mutation', name: 'M', rootFields: ['f'] });
  });
});

describe('a template', () => {
  for (const [text, result] of [
    ['plain', 'plain'], ['', ''], ['$remote_addr', '10.1.2.3'], ['a-${host}-b', 'a-shop.example-b'], ['$arg_x$arg_z.', '1.'], ['${arg_z ?? none}', 'none'], ['${arg_x??none}', '1'], ['${arg_z ?? }', ''],
    ['\\$host', '$host'], ['$', '$'], ['costs $ 5', 'costs $ 5'], ['$host:$server_port', 'shop.example:9080'], ['$request_uri é', '/p%C3%A9?x=1&y=%20a&x=2 é'],
  ] as const) {
    it(`${JSON.stringify(text)} renders as ${JSON.stringify(result)}`, () => assert.equal(template(text, assert.fail).render(exchangeOf(given)), result));
  }

  it('tells of names that no variable has', () => {
    const unknown: string[] = [];
    template('$hst ${no ?? x} $1 $host', (name) => unknown.push(name));
    assert.deepEqual(unknown, ['hst', 'no', '1']);
  });
});
