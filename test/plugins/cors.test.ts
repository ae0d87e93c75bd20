import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { behind, told, type Outcome } from '../support/behind.js';
import { values } from '../support/message.js';
import { answer } from '../support/upstream.js';

const FROM = (origin: string): string => `Origin: ${origin}\r\n`;
const origin = ({ answer: came }: Outcome): string[] => values(came, 'access-control-allow-origin');

/** Every header of an answer that is about other origins, in lower case. */
const about = ({ answer: came }: Outcome): Record<string, string> => Object.fromEntries(came.headers.map(([name, value]) => [name.toLowerCase(), value] as const).filter(([name]) => /^(access-control-|timing-allow|vary)/.test(name)));

suite('cors', () => {
  test('lets everybody read by default, whether or not an origin is named', async (t) => {
    const { send } = await behind(t, '{cors: {}}');
    const open = { 'access-control-allow-origin': '*', 'access-control-allow-methods': '*', 'access-control-allow-headers': '*', 'access-control-max-age': '5' };
    assert.deepEqual(about(await send()), open);
    assert.deepEqual(about(await send('/', FROM('https://shop.example'))), open);
  });

  test('lets listed origins read, with what is set; others are told nothing', async (t) => {
    const { send } = await behind(t, '{cors: {allow_origins: "https://shop.example,https://admin.example", allow_methods: "GET,POST", allow_headers: x-a, expose_headers: "x-b,x-c", max_age: 50, allow_credential: true}}');
    assert.deepEqual(about(await send('/', FROM('https://admin.example'))), {
      'access-control-allow-origin': 'https://admin.example', 'access-control-allow-methods': 'GET,POST', 'access-control-allow-headers': 'x-a',
      'access-control-expose-headers': 'x-b,x-c', 'access-control-max-age': '50', 'access-control-allow-credentials': 'true', vary: 'Origin',
    });
    for (const other of ['https://shop.example.attacker.example', 'http://shop.example', 'null']) assert.deepEqual(about(await send('/', FROM(other))), { vary: 'Origin' }, other);
    assert.deepEqual(about(await send()), { vary: 'Origin' });
    assert.deepEqual(about(await send('/', `${FROM('https://shop.example')}${FROM('https://attacker.example')}`)), { vary: 'Origin' });
  });

  test('with two stars answers each origin by its name, but for `null`, and each preflight with what it asks for', async (t) => {
    const { send } = await behind(t, '{cors: {allow_origins: "**", allow_methods: "**", allow_headers: "**", allow_credential: true}}');
    const asked = 'Access-Control-Request-Headers: x-a,x-b\r\n';
    assert.deepEqual(about(await send('/', `${FROM('https://any.example')}${asked}`)), {
      'access-control-allow-origin': 'https://any.example', 'access-control-allow-methods': 'GET,POST,PUT,DELETE,PATCH,HEAD,OPTIONS,CONNECT,TRACE',
      'access-control-allow-headers': 'x-a,x-b', 'access-control-max-age': '5', 'access-control-allow-credentials': 'true', vary: 'Origin',
    });
    assert.deepEqual(origin(await send('/', FROM('null'))), []);
  });

  test('answers every OPTIONS itself, before any key is asked for', async (t) => {
    const { send } = await behind(t, '{cors: {}, key-auth: {}}');
    const { status, answer: came, seen, ...rest } = await send('/', `${FROM('https://shop.example')}Access-Control-Request-Method: PUT\r\n`, 'OPTIONS');
    assert.deepEqual([status, came.body, seen, origin({ status, answer: came, seen, ...rest })], [200, '', undefined, ['*']]);
    assert.equal((await send('/', '', 'OPTIONS')).status, 200);
  });

  test('lets pages read refusals too: those of other plugins, and failures of the upstream', async (t) => {
    const { send, edit } = await behind(t, '{cors: {allow_origins: "https://shop.example"}, key-auth: {}}');
    const refused = await send('/', FROM('https://shop.example'));
    assert.deepEqual([refused.status, origin(refused)], [401, ['https://shop.example']]);
    edit('{cors: {}, ip-restriction: {blacklist: [127.0.0.1]}}');
    assert.deepEqual(origin(await send('/', FROM('https://shop.example'))), ['*']);
    const cut = await behind(t, '{cors: {}}', '', (_, socket) => void socket.destroy());
    const failed = await cut.send();
    assert.deepEqual([failed.status, origin(failed)], [502, ['*']]);
  });

  test('finds origins by regular expressions in place of the list, and `null` by none', async (t) => {
    const { send } = await behind(t, '{cors: {allow_origins_by_regex: ["^https://[a-z]+\\\\.shop\\\\.example$", ".*"]}}');
    assert.deepEqual(origin(await send('/', FROM('https://a.shop.example'))), ['https://a.shop.example']);
    assert.deepEqual(origin(await send('/', FROM('null'))), []);
    assert.deepEqual(origin(await send()), []);
  });

  test('finds further origins by their names in the metadata', async (t) => {
    const metadata = 'plugin_metadata: [{id: cors, allow_origins: {partners: "https://one.example,https://two.example", all: "*"}}]';
    const { send, edit } = await behind(t, '{cors: {allow_origins: "https://shop.example", allow_origins_by_metadata: [partners]}}', metadata);
    for (const listed of ['https://shop.example', 'https://two.example']) assert.deepEqual(origin(await send('/', FROM(listed))), [listed]);
    assert.deepEqual(origin(await send('/', FROM('https://three.example'))), []);
    // by default all are let in: with names these alone are
    edit('{cors: {allow_origins_by_metadata: [partners]}}');
    assert.deepEqual(origin(await send('/', FROM('https://three.example'))), []);
    edit('{cors: {allow_origins: "https://shop.example", allow_origins_by_metadata: [all]}}');
    assert.deepEqual(origin(await send('/', FROM('https://three.example'))), ['https://three.example']);
  });

  test('tells times to those who may see them, whether or not they may read', async (t) => {
    const { send, edit } = await behind(t, '{cors: {allow_origins: "https://shop.example", timing_allow_origins: "https://stats.example"}}');
    assert.deepEqual(about(await send('/', FROM('https://stats.example'))), { 'timing-allow-origin': 'https://stats.example', vary: 'Origin' });
    assert.equal(about(await send('/', FROM('https://shop.example')))['timing-allow-origin'], undefined);
    edit('{cors: {timing_allow_origins_by_regex: ["^https://a\\\\.example$"]}}');
    assert.equal(about(await send('/', FROM('https://a.example')))['timing-allow-origin'], 'https://a.example');
  });

  test('speaks in place of the upstream, and keeps its Vary', async (t) => {
    const { send } = await behind(t, '{cors: {allow_origins: "https://shop.example"}}', '', () => answer('ok', 'Access-Control-Allow-Origin: *\r\naccess-control-allow-credentials: true\r\nVary: Accept\r\nX-A: 1\r\n'));
    const came = await send('/', FROM('https://shop.example'));
    assert.deepEqual(origin(came), ['https://shop.example']);
    assert.deepEqual(values(came.answer, 'access-control-allow-credentials'), []);
    assert.deepEqual([values(came.answer, 'vary'), values(came.answer, 'x-a')], [['Accept', 'Origin'], ['1']]);
  });

  test('refuses a file that lets everybody in with credentials, or names what is no origin; warns of what lets in more than it says', () => {
    for (const options of ['{allow_credential: true}', '{allow_credential: true, allow_origins: "https://a.example", allow_methods: GET}', '{allow_credential: true, allow_origins: "**", allow_methods: "**", allow_headers: "**", expose_headers: "*"}', '{allow_origins: shop.example}', '{allow_origins: "https://a.example, https://b.example"}', '{allow_origins_by_regex: ["("]}', '{allow_origins_by_regex: []}', '{max_age: x}']) {
      assert.match(told(`{cors: ${options}}`).join('\n'), /^error/m, options);
    }
    assert.match(told('{cors: {allow_origins_by_regex: ["^https://shop"]}}').join(), /^warning: without `\$`/);
    assert.match(told('{cors: {allow_origins_by_metadata: [partners]}}').join(), /^warning: there is no `allow_origins\.partners`/);
    assert.deepEqual(told('{cors: {allow_credential: true, allow_origins: "**", allow_methods: "**", allow_headers: "**"}}'), []);
  });
});
