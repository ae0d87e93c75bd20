import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, describe, it } from 'node:test';
import { run, startGateway, workspace } from '../support/cli.js';
import { ask } from '../support/client.js';
import { saveByRename, tutorial } from '../support/files.js';

const space = await workspace();
after(() => space.remove());
const [file, cases] = [space.path('config.yaml'), space.path('requests.yaml')];
const GUARDED = 'requests:\n  - name: nobody gets in without a key\n    request: GET /ip\n    expect: {status: 401, upstream: false}\n';

describe('gateway start --test', () => {
  it('keeps what runs when an edit fails a case, says which, and applies the next one that passes', async (t) => {
    await writeFile(file, tutorial(1));
    await writeFile(cases, GUARDED);
    const gateway = await startGateway(file, ['--test', cases]);
    t.after(() => gateway.kill());

    const refused = await gateway.outcome(() => saveByRename(file, tutorial(1, { disabled: true })));
    assert.match(refused.msg, /refused, the configuration that runs stays:\n/);
    assert.ok(refused.msg.includes(`${cases}:4:22: error: the case \`nobody gets in without a key\` (GET /ip) fails: status: expected "401", got "200" [case-failed]`), refused.msg);
    assert.equal((await ask(`${gateway.url}/ip`)).status, 401);
    const { in_sync: inSync, last_reload: { outcome, diagnostics }, generation } = await gateway.status();
    assert.deepEqual([inSync, outcome, diagnostics.length, generation], [false, 'refused', 2, 1]);

    const applied = await gateway.outcome(() => saveByRename(file, `${tutorial(1)}# another\n#END\n`));
    assert.match(applied.msg, / applied: generation 2/);
    assert.equal((await gateway.status()).in_sync, true);
  });

  it('reads the cases anew for each edit', async (t) => {
    await writeFile(file, tutorial(1));
    await writeFile(cases, GUARDED);
    const gateway = await startGateway(file, ['--test', cases]);
    t.after(() => gateway.kill());
    await writeFile(cases, GUARDED.replace('401, upstream: false', '200'));
    assert.match((await gateway.outcome(() => saveByRename(file, tutorial(1, { disabled: true })))).msg, / applied: generation 2/);
    await writeFile(cases, 'requests: nonsense\n');
    assert.match((await gateway.outcome(() => saveByRename(file, tutorial(1)))).msg, /requests\.yaml:1:11: error: .*\[wrong-type\]/);
  });

  it('tells what is wrong with an edit itself as it does without cases', async (t) => {
    await writeFile(file, tutorial(1));
    await writeFile(cases, GUARDED);
    const gateway = await startGateway(file, ['--test', cases]);
    t.after(() => gateway.kill());
    const { msg } = await gateway.outcome(() => saveByRename(file, tutorial(1).replace('key-auth:\n        _meta', 'key-atuh:\n        _meta')));
    assert.match(msg, /there is no plugin `key-atuh`/);
    assert.doesNotMatch(msg, /case-failed/);
  });

  it('starts nothing that fails a case', async () => {
    await writeFile(file, tutorial(1, { disabled: true }));
    await writeFile(cases, GUARDED);
    const { code, stderr } = await run(['start', '-c', file, '--admin', 'off', '--test', cases]);
    assert.equal(code, 1);
    assert.match(stderr, /case-failed/);
    assert.match(stderr, /is refused: nothing is started/);
  });
});
