import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adviceFor } from '../../src/config/advice.js';
import { adviceForPlugin } from '../../src/config/plugin-advice.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { APISIX_PLUGINS } from '../../src/schema/apisix-plugins.js';
import { fileSchema } from '../../src/schema/file.js';
import { check, rendered } from './check.js';

describe('files of Apache APISIX', () => {
  it('are told what to do instead of each field that is refused', () => {
    const general = adviceFor('no such field');
    assert.deepEqual([...unsupported(fileSchema(PLUGINS))].filter((field) => adviceFor(field) === general), []);
  });

  it('are told of each plugin that is refused that it is one, and what there is or what to do', () => {
    const ours = new Set(PLUGINS.map(({ name }) => name));
    for (const name of [...APISIX_PLUGINS].filter((known) => !ours.has(known))) {
      const [found] = check(`routes:\n  - uri: /a\n    plugins: {${name}: {}}\n`);
      assert.equal(found?.message, `the plugin ${name} of Apache APISIX is not supported here`);
      assert.ok((adviceForPlugin(name) ?? 'plugins here').length > 10 && found.hint, name);
    }
  });

  it('are told what to do instead of a value that is refused', () => {
    for (const [field, value, hint] of [['discovery_type', 'nacos', /found by DNS/], ['discovery_type', 'consul', /Consul's DNS/], ['discovery_type', 'kubernetes', /svc\.cluster/], ['scheme', 'kafka', /HTTP is what/]] as const) {
      const found = check(`routes:\n  - uri: /a\n    upstream: {service_name: a, ${field}: ${value}}\n`);
      assert.match(found.find(({ path }) => path.at(-1) === field)?.hint ?? '', hint, value);
    }
  });

  it('keep the tokens of secret managers to themselves', () => {
    const found = check('secrets:\n  - {id: vault/1, uri: "http://127.0.0.1:8200", prefix: kv, token: s3cr3t-t0ken}\nroutes: []\n');
    assert.deepEqual(found.map(({ code }) => code), ['wrong-value', 'unsupported-field', 'unknown-field']);
    assert.doesNotMatch(rendered(found), /s3cr3t/);
  });

  it('are advised on plugins that Apache APISIX has', () => {
    for (const name of ['saml-auth', 'aws-lambda', 'kafka-logger', 'grpc-transcode']) {
      assert.ok(APISIX_PLUGINS.has(name));
      assert.ok(adviceForPlugin(name), name);
    }
  });
});

function* unsupported(schema: unknown): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'x-unsupported') yield* value as readonly string[];
    else yield* unsupported(value);
  }
}
