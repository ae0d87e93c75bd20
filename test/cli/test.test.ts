import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { run, workspace } from '../support/cli.js';
import { BROKEN, tutorial } from '../support/files.js';

const space = await workspace();
const file = space.path('config.yaml');
const good = space.path('requests.yaml');
const bad = space.path('bad.yaml');

before(async () => {
  await writeFile(file, tutorial(9081));
  await writeFile(space.path('broken.yaml'), BROKEN);
  await writeFile(good, 'requests:\n  - {request: GET /open, expect: {status: 200}}\n  - {request: GET /ip, expect: {status: 401}}\n');
  await writeFile(bad, 'requests:\n  - name: <a "case">\n    request: GET /ip\n    expect: {status: 200}\n');
});
after(() => space.remove());

describe('gateway test', { concurrency: 3 }, () => {
  it('exits 0 when every case passes, those of requests.yaml beside the file unless others are named', async () => {
    assert.deepEqual(await run(['test', '-c', file]), { code: 0, signal: null, stdout: `${file}: 2 cases passed\n`, stderr: '' });
    assert.equal((await run(['test', '-c', file, '--requests', good, '--requests', good])).stdout, `${file}: 4 cases passed\n`);
  });

  it('exits 1 when a case fails, and tells which, why and where', async () => {
    const { code, stdout } = await run(['test', '-c', file, '--requests', bad]);
    assert.equal(code, 1);
    assert.equal(stdout, `${bad}:2:5: failed: <a "case"> (GET /ip)\n  status ${bad}:4:22\n    expected 200\n    actual   401\n\n${file}: no case meets the route open\n${file}: 1 of 1 case failed\n`);
  });

  it('exits 1 when the configuration or the cases are refused or missing, and tells all that is wrong', async () => {
    const { code, stdout } = await run(['test', '-c', space.path('broken.yaml'), '--requests', space.path('none.yaml')]);
    assert.equal(code, 1);
    assert.match(stdout, /broken\.yaml:3:15: error: /);
    assert.match(stdout, /there is no file .*none\.yaml.*\n  hint: write it \(docs\/testing\.md shows how\), or name another/);
    assert.match(stdout, /no case was sent\n$/);
  });

  it('exits 2 for wrong usage', async () => {
    for (const args of [['--format', 'xml'], ['--requests'], ['surplus']]) assert.equal((await run(['test', '-c', file, ...args])).code, 2);
  });

  it('tells programs: one JSON object', async () => {
    const report = JSON.parse((await run(['test', '-c', file, '--requests', bad, '--format', 'json'])).stdout) as { passed: boolean; unmet_routes: string[]; cases: { line: number; passed: boolean; failures: object[] }[] };
    assert.equal(report.passed, false);
    assert.deepEqual(report.unmet_routes, ['open']);
    assert.deepEqual(report.cases.map(({ line, passed }) => [line, passed]), [[2, false]]);
    assert.deepEqual(report.cases[0]?.failures, [{ what: 'status', expected: '200', actual: '401', file: bad, line: 4, column: 22 }]);
  });

  it('tells continuous integrations: JUnit', async () => {
    const { code, stdout } = await run(['test', '-c', file, '--requests', bad, '--requests', good, '--format', 'junit']);
    assert.equal(code, 1);
    assert.match(stdout, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuite name="[^"]*" tests="3" failures="1">\n/);
    assert.match(stdout, /<testcase name="&lt;a &quot;case&quot;&gt;" [^>]* line="2" time="[\d.]+"><failure message="status: expected 200">/);
    assert.equal(stdout.match(/<testcase /g)?.length, 3);
  });
});
