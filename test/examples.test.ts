import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { casesBeside, testFiles } from '../src/cases/files.js';
import { PLUGINS } from '../src/plugins/index.js';

for (const example of readdirSync('examples')) {
  test(`the example ${example} answers as its requests.yaml says, to each of its routes`, async (t) => {
    const config = `examples/${example}/config.yaml`;
    const { diagnostics, results, unmet } = await testFiles(config, [casesBeside(config)], PLUGINS, {});
    // their keys are as short as a documentation's
    assert.deepEqual(diagnostics.filter(({ code }) => code !== 'weak-credential'), []);
    assert.deepEqual(unmet, []);
    for (const { name, failures } of results) await t.test(name, () => assert.deepEqual(failures, []));
  });
}
