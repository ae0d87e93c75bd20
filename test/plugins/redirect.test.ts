import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { behind, told, type Outcome } from '../support/behind.js';
import { values } from '../support/message.js';

const to = ({ status, answer }: Outcome): (number | string)[] => [status, ...values(answer, 'location')];

suite('redirect', () => {
  test('sends to an address with variables', async (t) => {
    const { send, edit } = await behind(t, '{redirect: {uri: "/new$uri/a${arg_name}c", ret_code: 301}}');
    const came = await send('/x%20y/?name=json');
    assert.deepEqual([...to(came), came.seen], [301, '/new/x%20y//ajsonc', undefined]);
    assert.match(came.answer.body, /^<html>/);
    edit('{redirect: {uri: "https://$host$request_uri"}}');
    assert.deepEqual(to(await send('/a?b=1')), [302, 'https://test.local/a?b=1']);
    edit('{redirect: {uri: "/$arg_a"}}');
    assert.deepEqual(to(await send('/?a=x%0d%0aX-Evil:%201')), [302, '/x%0D%0AX-Evil:%201']);
  });

  test('sends by a regular expression for the path; what it is not found in goes on', async (t) => {
    const { send } = await behind(t, '{redirect: {regex_uri: ["^/old/(.*)/(.*)", "/new/$2/${1}"]}}');
    assert.deepEqual(to(await send('/old/a/b')), [302, '/new/b/a']);
    assert.deepEqual(to(await send('/other')), [200]);
  });

  test('sends nobody to another host that a path names', async (t) => {
    const { send } = await behind(t, '{redirect: {regex_uri: ["^/go/(.*)", "/$1"]}}');
    for (const path of ['/go//attacker.example', '/go/%2fattacker.example', '/go/%5cattacker.example', '/go/\\attacker.example']) {
      const { answer } = await send(path);
      for (const location of values(answer, 'location')) assert.doesNotMatch(location, /^\/[/\\]/, path);
    }
  });

  test('adds the query, and encodes what no address may hold, when it is told to', async (t) => {
    const { send, edit } = await behind(t, '{redirect: {uri: "/new?x=1", append_query_string: true}}');
    assert.deepEqual(to(await send('/a?b=2')), [302, '/new?x=1&b=2']);
    assert.deepEqual(to(await send('/a')), [302, '/new?x=1']);
    edit('{redirect: {uri: "/new<$arg_a>", encode_uri: true}}');
    assert.deepEqual(to(await send('/?a=%C3%A9')), [302, '/new%3C%C3%A9%3E']);
  });

  test('sends from http to https: with 301, or 308 where the body must come along', async (t) => {
    const { send, edit } = await behind(t, '{redirect: {http_to_https: true}}', 'gateway: {trusted_proxies: [127.0.0.1]}');
    assert.deepEqual(to(await send('/a?b=1')), [301, 'https://test.local/a?b=1']);
    assert.deepEqual(to(await send('/a', '', 'POST', 'x')), [308, 'https://test.local/a']);
    assert.deepEqual(to(await send('/a', 'X-Forwarded-Proto: https\r\n')), [200]);
    edit('{redirect: {http_to_https: true}}', 'plugin_metadata: [{id: redirect, https_port: 9443}]');
    assert.deepEqual(to(await send('/a')), [301, 'https://test.local:9443/a']);
    edit('{redirect: {http_to_https: false}}');
    assert.deepEqual(to(await send('/a')), [200]);
  });

  test('refuses a file that says where to in no way or in two', () => {
    for (const options of ['{}', '{uri: /a, http_to_https: true}', '{regex_uri: ["("], ret_code: 301}', '{regex_uri: ["(", /a]}', '{http_to_https: true, append_query_string: true}', '{uri: /a, ret_code: 100}', '{uri: "/$nothing"}']) assert.match(told(`{redirect: ${options}}`).join('\n'), /^error/, options);
  });
});
