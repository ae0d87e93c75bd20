import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { check, rendered } from './check.js';

/** No part of it may be shown either. */
const SECRET = 'Zq9-hush_XyW7';
const PARTS = /Zq9|hush|XyW7/;

const ROUTES = 'routes:\n  - uri: /ip\n    plugins:\n      key-auth: {}\n    upstream:\n      nodes:\n        127.0.0.1:80: 1\n';
const consumer = (credential: string): string => `consumers:\n  - username: tom\n    plugins:\n      key-auth:\n${credential.split('\n').map((line) => `        ${line}`).join('\n')}\n`;
const BROKEN = 'nonsense: 1\n';

/** Places where a secret may stand, right or wrong; each file has at least one fault. */
const PLACES: Readonly<Record<string, string>> = {
  'key, fault after': `${consumer(`key: ${SECRET}`)}${BROKEN}${ROUTES}`,
  'key, fault before': `${BROKEN}${consumer(`key: ${SECRET}`)}`,
  'key with an unknown neighbour': consumer(`key: ${SECRET}\nfoo: 1`),
  'neighbour first': consumer(`foo: 1\nkey: ${SECRET}`),
  keys: consumer(`keys:\n  - ${SECRET}\n  - 5`),
  'keys, flow': consumer(`keys: [${SECRET}, 5]`),
  'keys as a text': consumer(`keys: ${SECRET}`),
  'keys as a mapping': consumer(`keys:\n  first: ${SECRET}`),
  'keys as a list of mappings': consumer(`keys:\n  - name: ${SECRET}\n  - id: ${SECRET}`),
  key_sha256: consumer(`key_sha256: ${SECRET}`),
  'key_sha256 list': consumer(`key_sha256:\n  - ${SECRET}\n  - ${'a'.repeat(64)}`),
  'misspelt keyy': consumer(`keyy: ${SECRET}`),
  'misspelt apikey': consumer(`apikey: ${SECRET}`),
  'far misspelt': consumer(`whatever: ${SECRET}`),
  'as text of the plugin': `consumers:\n  - username: tom\n    plugins:\n      key-auth: ${SECRET}\n`,
  'as list of the plugin': `consumers:\n  - username: tom\n    plugins:\n      key-auth: [${SECRET}]\n`,
  'as text of plugins': `consumers:\n  - username: tom\n    plugins: ${SECRET}\n`,
  'as plugin name': `consumers:\n  - username: tom\n    plugins:\n      ${SECRET}: 1\n`,
  'as text of consumers': `consumers: ${SECRET}\n`,
  'as a consumer': `consumers:\n  - ${SECRET}\n`,
  'key beside plugins': `consumers:\n  - username: tom\n    key: ${SECRET}\n`,
  'plugin beside plugins': `consumers:\n  - username: tom\n    key-auth:\n      key: ${SECRET}\n`,
  'key under plugins': `consumers:\n  - username: tom\n    plugins:\n      key: ${SECRET}\n      key-auth:\n`,
  'key under _meta': consumer(`key: x\n_meta:\n  key: ${SECRET}`),
  'disable is the key': consumer(`key: x\n_meta:\n  disable: ${SECRET}`),
  'under username': `consumers:\n  - username:\n      key: ${SECRET}\n`,
  'under username, list': `consumers:\n  - username: [${SECRET}]\n`,
  'in labels': `consumers:\n  - username: tom\n    labels:\n      api_key: ${SECRET} x\n`,
  'no username': `consumers:\n  - plugins:\n      key-auth:\n        key: ${SECRET}\n`,
  'consumers as a mapping': `consumers:\n  tom:\n    plugins:\n      key-auth:\n        key: ${SECRET}\n`,
  'consumers as one consumer': `consumers:\n  username: tom\n  plugins:\n    key-auth:\n      key: ${SECRET}\n`,
  'a mapping without names': `consumers:\n  plugins:\n    key-auth: {key: ${SECRET}}\n`,
  'consumer misspelt': `consumer:\n  - username: tom\n    plugins:\n      key-auth:\n        key: ${SECRET}\n`,
  'at the top': `key: ${SECRET}\n`,
  'plugin at the top': `key-auth:\n  key: ${SECRET}\n`,
  'the root is a list': `- username: tom\n  plugins:\n    key-auth:\n      key: ${SECRET}\n`,
  'the root is a text': `${SECRET}\n`,
  'other credentials': `consumers:\n  - username: tom\n    plugins:\n      basic-auth:\n        username: ${SECRET}\n        password: ${SECRET}\n`,
  'numeric key': consumer('key: 7345091\nfoo: 1'),
  'duplicate keys': consumer(`key: ${SECRET}\nkey: ${SECRET}2`),
  'two consumers, one key': `${consumer(`key: ${SECRET}`)}  - username: ann\n    plugins:\n      key-auth:\n        keys: [other, ${SECRET}]\n`,
  flow: `consumers: [{username: tom, plugins: {key-auth: {key: ${SECRET}, foo: 1}}}]\n`,
  'flow, no space': `consumers: [{username: tom, plugins: {key-auth: {key:${SECRET}}}}]\n`,
  'flow, bare word': `consumers: [{username: tom, plugins: {key-auth: {${SECRET}}}}]\n`,
  'block, no space': consumer(`key:${SECRET}`),
  'block, no space, then another': consumer(`key:${SECRET}\nfoo: 1`),
  'no colon': consumer(`key ${SECRET}`),
  'no colon, then another': consumer(`key ${SECRET}\nfoo: 1`),
  'a yaml key': consumer(`${SECRET}: 1`),
  'a yaml key, twice': consumer(`${SECRET}: 1\n${SECRET}: 2`),
  'a quoted yaml key': consumer(`"${SECRET}": {}`),
  'a complex yaml key': consumer(`? [${SECRET}]\n: 1`),
  'a complex yaml key, mapping': consumer(`? {key: ${SECRET}}\n: 1`),
  json: JSON.stringify({ consumers: [{ username: 'tom', plugins: { 'key-auth': { key: SECRET, foo: 1 } } }] }),
  'json, pretty': JSON.stringify({ consumers: [{ username: 'tom', plugins: { 'key-auth': { key: SECRET, foo: 1 } } }] }, null, 2),
  'json, cut off': JSON.stringify({ consumers: [{ username: 'tom', plugins: { 'key-auth': { key: SECRET, foo: 1 } } }] }, null, 2).slice(0, -9),
  'json, one line, cut off': JSON.stringify({ routes: [], consumers: [{ username: 'tom', plugins: { 'key-auth': { key: SECRET, foo: 1 } } }] }).slice(0, -5),
  'json, missing comma': JSON.stringify({ consumers: [{ username: 'tom', plugins: { 'key-auth': { key: SECRET, foo: 1 } } }] }, null, 1).replaceAll(',', ''),
  'literal block': consumer(`key: |\n  ${SECRET}\n  ${SECRET}\nfoo: 1`),
  'folded block': consumer(`key: >-\n  ${SECRET}\n\n  ${SECRET}\nfoo: 1`),
  'multi-line double quotes': consumer(`key: "${SECRET}\n  ${SECRET}"\nfoo: 1`),
  'multi-line single quotes': consumer(`key: '${SECRET}\n  ${SECRET}'\nfoo: 1`),
  'multi-line plain': consumer(`key: ${SECRET}\n  ${SECRET}\nfoo: 1`),
  'commented out': consumer(`# key: ${SECRET}\nfoo: 1`),
  'comment behind': consumer(`key: abc # was ${SECRET}\nfoo: 1`),
  'commented list entry': consumer(`keys: [a]\n# - ${SECRET}\nfoo: 1`),
  'comment at column 1': `consumers:\n  - username: tom\n#    key: ${SECRET}\n#  - ${SECRET}\n    foo: 1\n`,
  'an alias': consumer(`key: *${SECRET}`),
  'an anchor': consumer(`key: &${SECRET} x\nfoo: 1`),
  'an anchor alone': consumer(`key: &${SECRET}`),
  'a tag': consumer(`key: !${SECRET} x`),
  'a tag alone': consumer(`key: !${SECRET}`),
  'a long tag': consumer(`key: !<${SECRET}> x`),
  'a directive': `%${SECRET}\n---\nroutes: 5\nfoo: @`,
  'starts with %': consumer(`key: %${SECRET}`),
  'starts with @': consumer(`key: @${SECRET}`),
  'starts with a backtick': consumer(`key: \`${SECRET}`),
  'bad escape': consumer(`key: "\\q${SECRET}"`),
  'two documents': `routes: []\n---\n${consumer(`key: ${SECRET}`)}`,
  'a second document on the marker': `routes: []\n--- {consumers: [{key: ${SECRET}}]}\n`,
  'after the end of the document': `routes: []\n...\n${SECRET}\n`,
  'unclosed double quote': consumer(`key: "${SECRET}`) + ROUTES,
  'unclosed single quote': consumer(`key: '${SECRET}`) + ROUTES,
  'unclosed quote, last line': `${ROUTES}${consumer(`key: "${SECRET}`)}`,
  'opened too late': consumer(`key: ${SECRET}"\n"foo: 1`),
  'closed too early': consumer(`key: "Z"${SECRET}`),
  'text behind the quote': consumer(`key: "abc" ${SECRET}`),
  'a line at column 1': `${consumer('key: "abc')}${SECRET}\n`,
  'tab indentation': consumer(`\tkey: ${SECRET}`),
  'tab indentation before': `consumers:\n\t- username: tom\n\t  plugins:\n\t    key-auth:\n\t      key: ${SECRET}\n`,
  'syntax error on the line': consumer(`key: [${SECRET}`),
  'syntax error, colon': consumer(`key: ${SECRET}: x`),
  'syntax error, bracket': consumer(`key: ${SECRET}]\nfoo: @`),
  'syntax error, flow end': consumer(`{key: ${SECRET}}}`),
  'syntax error the line before': consumer(`foo: [\nkey: ${SECRET}`),
  'syntax error two lines before': consumer(`foo: "a" b\nbar: 1\nkey: ${SECRET}`),
  'syntax error the line after': consumer(`key: ${SECRET}\n foo: [1`),
  'syntax error two lines after': consumer(`key: ${SECRET}\nfoo: 1\n bar: @`),
  'syntax error near a literal block': consumer(`key: |\n  ${SECRET}\n ${SECRET}\nfoo: @`),
  'syntax error near keys': consumer(`keys:\n  - ${SECRET}\n  - "${SECRET}\n  - @`),
  'syntax error near a wrong name': consumer(`${SECRET}: 1\nfoo: @`),
  'syntax error, consumers not first': `routes: [\nconsumers: [{username: tom, plugins: {key-auth: {key: ${SECRET}}}}]\n`,
  'syntax error, flow on the line of routes': `{routes: [], consumers: [{key: ${SECRET}}], upstreams: @}\n`,
  'syntax error, no block': `${SECRET}\nroutes: @\n`,
  'syntax error, on a route': `routes:\n  - uri: /ip\n    plugins: {key-auth: {key: ${SECRET}}\n    methods: @\n`,
  'syntax error, block on a route': `routes:\n  - uri: /ip\n    plugins:\n      jwt-auth:\n        secret: |\n          ${SECRET}\n          ${SECRET}\n        foo: @\n`,
  'syntax error, comment on a route': `routes:\n  # key: ${SECRET}\n  - uri: @\n`,
  'placeholder default': consumer(`key: \${{TOM:=${SECRET}}}\nfoo: 1`),
  'placeholder default, malformed': consumer(`key: \${{TOM:${SECRET}}}`),
  'placeholder default, key': consumer(`\${{TOM:=${SECRET}}}: 1`),
  'placeholder default on a route': `routes:\n  - uri: /ip\n    desc: \${{API_TOKEN:=${SECRET}}}\n    foo: 1\n`,
  'environment value': consumer('key: ${{SECRET_VALUE}}\nfoo: 1'),
  'environment value, twice': `${consumer('key: ${{SECRET_VALUE}}')}  - username: ann\n    plugins:\n      key-auth:\n        key: $env://SECRET_VALUE\n`,
  'environment value as hash': consumer('key_sha256: ${{SECRET_VALUE}}'),
  'environment value as yaml key': consumer('${{SECRET_VALUE}}: 1'),
  'environment value as yaml key, twice': consumer('${{SECRET_VALUE}}: 1\n${{SECRET_VALUE}}: ${{NOT_SET}}'),
  'environment value as number': consumer('key: ${{NUMBER}}'),
  'environment value, JSON': consumer('key: $env://JSON/nothing'),
  'key with a space behind it': consumer(`key: "${SECRET} "`),
  'key beyond ASCII': consumer(`keys: ["${SECRET}\u00e9"]`),
  'key like a variable': consumer('key: ${Zq9_hush}'),
  'environment value with a line break': consumer('key: $env://WITH_BREAK'),
  'environment value as a number of seconds': 'routes: []\ngateway:\n  drain_timeout: ${{SECRET_VALUE}}\n',
  'environment value in quotes as a number': 'routes: []\ngateway:\n  drain_timeout: "${{NUMBER}}"\n  access_log: ${{NUMBER}}\n',
  'environment value as an upstream': 'routes:\n  - uri: /\n    upstream: ${{SECRET_VALUE}}\n  - uri: /\n    upstream: {nodes: "${{SECRET_VALUE}}"}\n',
  'environment value in doubtful paths and hosts': 'routes:\n  - uris: ["/${{SECRET_VALUE}}?x", "/${{SECRET_VALUE}}/:id", "/${{SECRET_VALUE}}//x"]\n    host: "${{HOST}}:80"\n    plugins: {}\n',
  'environment value among few': 'routes:\n  - uri: /\n    methods: ["${{SECRET_VALUE}}"]\n    host: "${{SECRET_VALUE}}"\n    plugins: {}\n',
  'key on a route': `routes:\n  - uri: /ip\n    plugins:\n      key-auth:\n        key: ${SECRET}\n`,
  'keyy on a route': `routes:\n  - uri: /ip\n    plugins:\n      key-auth:\n        keyy: ${SECRET}\n`,
  'anything on a route\'s plugin': `routes:\n  - uri: /ip\n    plugins:\n      key-auth:\n        foo: ${SECRET}\n`,
  'text of a route\'s plugin': `routes:\n  - uri: /ip\n    plugins:\n      key-auth: ${SECRET}\n`,
  'bare word in a route\'s plugin': `routes:\n  - uri: /ip\n    plugins:\n      key-auth: {${SECRET}}\n`,
  'yaml key in a route\'s plugin': `routes:\n  - uri: /ip\n    plugins:\n      key-auth: {${SECRET}: {}}\n`,
  'list of a route\'s plugin': `routes:\n  - uri: /ip\n    plugins:\n      key-auth: [${SECRET}]\n`,
  'right on a route': `routes:\n  - uri: /ip\n    api_key: ${SECRET}\n    kye: ${SECRET}\n    password: {x: [${SECRET}]}\n`,
  'switched off on a route': `routes:\n  - uri: /ip\n    plugins:\n      key-auth:\n        key: ${SECRET}\n        _meta: {disable: true}\n`,
  'another plugin on a route': `routes:\n  - uri: /ip\n    plugins:\n      jwt-auth:\n        secret: ${SECRET}\n        private_key: |\n          ${SECRET}\n`,
  'client key of an upstream': `upstreams:\n  - id: a\n    nodes: {a: 1}\n    tls:\n      client_key: |\n        ${SECRET}\n        ${SECRET}\n      foo: 1\n`,
  'client key as client certificate': `upstreams:\n  - id: a\n    nodes: {a: 1}\n    tls:\n      client_cert: |\n        -----BEGIN EC PRIVATE KEY-----\n        ${SECRET}\n        ${SECRET}\n        -----END EC PRIVATE KEY-----\n      foo: 1\n`,
  'client key as client certificate, folded': `upstreams:\n  - id: a\n    nodes: {a: 1}\n    tls:\n      client_cert: -----BEGIN PRIVATE KEY----- ${SECRET} -----END PRIVATE KEY-----\n      foo: 1\n`,
  'client key as client certificate, cut off': `upstreams:\n  - id: a\n    nodes: {a: 1}\n    tls:\n      ca: |\n        -----BEGIN PRIVATE KEY-----\n        ${SECRET}\n      foo: [\n`,
  'client key as client certificate, escaped': `upstreams:\n  - id: a\n    nodes: {a: 1}\n    tls: {client_cert: "-----BEGIN PRIVATE KEY-----\\n${SECRET}\\n-----END PRIVATE KEY-----", foo: 1}\n`,
  'client key as a list': `upstreams:\n  - id: a\n    nodes: {a: 1}\n    tls:\n      client_key: [${SECRET}, {a: ${SECRET}}]\n`,
  'client key of an upstream from the environment': `upstreams:\n  - id: a\n    nodes: {a: 1}\n    scheme: https\n    tls: {client_cert: "\${{SECRET_VALUE}}", client_key: "\${{SECRET_VALUE}}"}\n`,
  'header of a probe': `upstreams:\n  - id: a\n    nodes: {a: 1}\n    checks:\n      active:\n        req_headers: ["X-Custom: ${SECRET}", "${SECRET}"]\n        http_req_body: ${SECRET}\n        foo: 1\n`,
  'ssls': `ssls:\n  - cert: ${SECRET}\n    key: ${SECRET}\nroutes: 5\n`,
  'key of a certificate': `ssls:\n  - sni: a.test\n    key: ${SECRET}\n    keys: [${SECRET}, {a: ${SECRET}}]\n    foo: 1\n`,
  'key of a certificate, block': `ssls:\n  - sni: a.test\n    cert: x\n    key: |\n      ${SECRET}\n      ${SECRET}\n`,
  'key of a certificate as its certificate': `ssls:\n  - sni: a.test\n    cert: ${SECRET}\n    certs: [${SECRET}]\n    key: x\n    client: {ca: ${SECRET}}\n`,
  'key of a certificate under other names': `ssls:\n  - sni: a.test\n    sni_key: ${SECRET}\n    id: {key: ${SECRET}}\n    client: {key: ${SECRET}, depth: {key: ${SECRET}}}\n    status: [[${SECRET}]]\n`,
  'key of a certificate, misspelt reference': `ssls:\n  - sni: a.test\n    cert: $file://x\n    key: "$file://${SECRET} x"\n    foo: 1\n`,
  'key of a certificate from the environment': `ssls:\n  - sni: a.test\n    cert: $env://SECRET_VALUE\n    key: "\${{SECRET_VALUE}}"\n`,
  'password in a node': `upstreams:\n  - id: a\n    nodes:\n      http://user:${SECRET}@host:80: 1\n`,
  'password in a node, weight wrong': `upstreams:\n  - id: a\n    nodes:\n      "http://user:${SECRET}@host:80": x\n`,
  'password in a listed node': `upstreams:\n  - id: a\n    nodes:\n      - host: http://user:${SECRET}@host\n        weight: x\n`,
};

const ENV = { SECRET_VALUE: SECRET, WITH_BREAK: `${SECRET}\n`, HOST: 'hush.example', NUMBER: '7345091', JSON: `{"key":"${SECRET}"}`, TOM: undefined };

describe('secrets', () => {
  for (const [place, text] of Object.entries(PLACES)) {
    for (const [how, written] of [['', text], [' (CRLF)', text.replaceAll('\n', '\r\n')], [' (one level deeper)', text.replace(/^/gm, '  ')]] as const) {
      it(`are never shown: ${place}${how}`, () => {
        const diagnostics = check(written, ENV);
        const all = rendered(diagnostics);
        assert.doesNotMatch(all, PARTS);
        assert.doesNotMatch(all, /7345091/);
        if (how === '') assert.notEqual(diagnostics.length, 0, 'the file has a fault');
      });
    }
  }

  it('leave the lines around them to be seen', () => {
    const [first] = check(`routes:\n  - uri: "/ip\n    methods: [GET]\n    upstream_id: a\n`);
    assert.match(first?.frame?.lines.join('\n') ?? '', /uri: "\/ip/);
    const second = check(consumer(`keyy: ${SECRET}`)).find((d) => d.code === 'unknown-field');
    assert.deepEqual(second?.frame?.lines, ['    plugins:', '      key-auth:', '        keyy: ********']);
    const [third] = check('routes:\n  - uri: /ip\n    plugins:\n      key-auth:\n        header: x-token\n        heder: apikey\n');
    assert.deepEqual(third?.frame?.lines, ['      key-auth:', '        header: x-token', '        heder: apikey']);
  });
});
