import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adviceFor } from '../../src/config/advice.js';
import { adviceForPlugin } from '../../src/config/plugin-advice.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { APISIX_PLUGINS } from '../../src/schema/apisix-plugins.js';
import { fileSchema } from '../../src/schema/file.js';
import { check } from './check.js';

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

  it('are advised on plugins that Apache APISIX has', () => {
    for (const name of ['openid-connect', 'aws-lambda', 'kafka-logger', 'grpc-transcode']) {
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
