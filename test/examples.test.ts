import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { casesBeside, testFiles } from '../src/cases/files.js';
import { PLUGINS } from '../src/plugins/index.js';
import { copyExample, needsCertificates, withoutOpenssl } from './support/example.js';

for (const example of readdirSync('examples')) {
  test(`the example ${example} answers as its requests.yaml says, to each of its routes`, { skip: needsCertificates(example) && withoutOpenssl }, async (t) => {
    const folder = needsCertificates(example) ? copyExample(example, (end) => t.after(end)) : `examples/${example}`;
    const config = `${folder}/config.yaml`;
    const { diagnostics, results, unmet } = await testFiles(config, [casesBeside(config)], PLUGINS, {});
    // their keys are as short as a documentation's
    assert.deepEqual(diagnostics.filter(({ code }) => code !== 'weak-credential'), []);
    assert.deepEqual(unmet, []);
    for (const { name, failures } of results) await t.test(name, () => assert.deepEqual(failures, []));
  });
}
