import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { useColour } from '../../src/cli/colour.js';
import { CODES } from '../../src/diagnostics/codes.js';
import { run, workspace } from '../support/cli.js';
import { BROKEN, tutorial } from '../support/files.js';
import { readSarif } from '../support/sarif.js';

const space = await workspace();
const good = space.path('good.yaml');
const bad = space.path('bad.yaml');
const doubtful = space.path('doubtful.yaml');

before(async () => {
  await writeFile(good, tutorial(9081).replace('secret-key', '1c7f0e2b94d85a63'));
  await writeFile(doubtful, tutorial(9081));
  await writeFile(bad, BROKEN);
});
after(() => space.remove());

const validate = (args: readonly string[], options = {}) => run(['validate', ...args], options);

describe('gateway validate', { concurrency: 3 }, () => {
  it('exits 0 for a good file, and says so in one line', async () => {
    assert.deepEqual(await validate([good]), { code: 0, signal: null, stdout: `${good}: valid\n`, stderr: '' });
    assert.deepEqual(await validate(['-c', good]), { code: 0, signal: null, stdout: `${good}: valid\n`, stderr: '' });
  });

  it('exits 1 for a bad file and tells the place', async () => {
    const { code, stdout } = await validate(['-c', bad]);
    assert.equal(code, 1);
    assert.ok(stdout.includes(`${bad}:3:15: error: `), stdout);
    assert.match(stdout, /: refused, 1 error\n$/);
  });

  it('exits 1 for a file that is not there, a folder, and one that is no text', async () => {
    await mkdir(space.path('folder'));
    await writeFile(space.path('latin1.yaml'), Buffer.from('routes: []\nconsumers:\n  - username: J\xf6rg\n', 'latin1'));
    await writeFile(space.path('utf16.yaml'), Buffer.from('\ufeffroutes: []\n', 'utf16le'));
    await writeFile(space.path('binary.yaml'), 'routes: []\n\0');
    const { code, stdout } = await validate(['none.yaml', 'folder', 'latin1.yaml', 'utf16.yaml', 'binary.yaml'].map(space.path));
    assert.equal(code, 1);
    assert.equal(stdout.replaceAll(`${space.dir}/`, ''), `\
error: there is no file none.yaml [file-missing]
  hint: name another, or write one to start from with \`gateway init\`

none.yaml: refused, 1 error
error: folder is a directory [file-unreadable]
  hint: name a file in it

folder: refused, 1 error
latin1.yaml:3:16: error: latin1.yaml is not UTF-8 text from here on [file-not-text]
  hint: save it as UTF-8; it looks like Latin-1 or Windows-1252

latin1.yaml: refused, 1 error
error: utf16.yaml is not UTF-8 text: it is UTF-16 [file-not-text]
  hint: save it as UTF-8

utf16.yaml: refused, 1 error
binary.yaml:2:1: error: binary.yaml holds a NUL character: it is not a text file [file-not-text]
  hint: name the configuration file

binary.yaml: refused, 1 error
5 files: 5 refused
`);
  });

  it('takes several files, and refuses all of them for one', async () => {
    const { code, stdout } = await validate([good, '-c', bad, doubtful]);
    assert.equal(code, 1);
    assert.match(stdout, /^\S+bad\.yaml:3:15: error: [^]*\n\S+bad\.yaml: refused, 1 error\n\S+good\.yaml: valid\n[^]*\n\S+doubtful\.yaml: valid, 1 warning\n3 files: 1 refused\n$/);
    assert.match((await validate([good, doubtful])).stdout, /\n2 files: all valid\n$/);
  });

  it('reads stdin where the file is called -', async () => {
    const { code, stdout } = await validate(['-'], { input: BROKEN });
    assert.equal(code, 1);
    assert.match(stdout, /^<stdin>:3:15: error: [^]*\n<stdin>: refused, 1 error\n$/);
    assert.deepEqual((await validate(['-'], { input: '{"routes": []}' })).stdout, '<stdin>: valid\n');
  });

  it('takes JSON as it is, with the exact places', async () => {
    const file = space.path('config.json');
    await writeFile(file, JSON.stringify({ routes: [{ uri: '/ip', upstrem: {} }] }, null, '\t'));
    assert.match((await validate([file])).stdout, /config\.json:5:4: error: `routes\[0\]` has no field `upstrem` \[unknown-field\]\n {2}3 \| →→\{\n {2}4 \| →→→"uri": "\/ip",\n {2}5 \| →→→"upstrem": \{\}\n {4}\| {4}\^{9}\n/);
  });

  it('refuses for a warning when it is strict, and shows it as an error', async () => {
    assert.equal((await validate([doubtful])).code, 0);
    const { code, stdout } = await validate([doubtful, '--strict']);
    assert.equal(code, 1);
    assert.match(stdout, /: error: .* \[weak-credential\]\n[^]*: refused, 1 error\n$/);
    assert.equal((await validate([good, '--strict'])).code, 0);
  });

  it('prints one JSON object when asked to: of one file it is the report, of several it lists theirs', async () => {
    interface Report { readonly file: string; readonly valid: boolean; readonly diagnostics: readonly { readonly range: { readonly start: { readonly line: number } } }[] }
    const json = async (...args: string[]): Promise<unknown> => JSON.parse((await validate([...args, '--format', 'json'])).stdout);
    const report = await json(bad) as Report;
    assert.equal(report.valid, false);
    assert.equal(report.diagnostics[0]?.range.start.line, 3);
    assert.deepEqual(await json('-c', good), { file: good, valid: true, diagnostics: [] });
    assert.deepEqual(await json(good, bad), { valid: false, files: [{ file: good, valid: true, diagnostics: [] }, report] });
  });

  it('writes workflow commands for GitHub, and then the outcome', async () => {
    const { code, stdout } = await validate([bad, good, '--format', 'github']);
    assert.equal(code, 1);
    assert.equal(stdout, `::error file=${bad},line=3,endLine=3,col=15,endColumn=23,title=unknown-plugin::there is no plugin \`key-auht\`%0Ahint: did you mean \`key-auth\`?\n${bad}: refused, 1 error\n${good}: valid\n`);
  });

  it('writes SARIF in which a file that is named twice is one artifact', async () => {
    const [{ artifacts, results }] = readSarif((await validate([bad, good, bad, '--format', 'sarif'])).stdout).runs;
    assert.deepEqual([artifacts.length, results.length], [2, 2]);
  });

  it('writes SARIF, with a rule for each code', async () => {
    const { code, stdout } = await validate([bad, doubtful, space.path('no such, file.yaml'), '-', '--format', 'sarif'], { input: 'routes:\n  - {id: a, uri: /a, plugins: {}}\n  - {id: a, uri: /b, plugins: {}}\n' });
    assert.equal(code, 1);
    const [{ tool, results }] = readSarif(stdout).runs;
    assert.deepEqual(tool.driver.rules.map(({ id }) => id), Object.keys(CODES));
    assert.deepEqual(results.map(({ ruleId, level }) => `${level} ${ruleId}`), ['error unknown-plugin', 'warning weak-credential', 'error file-missing', 'error duplicate-id']);
    assert.deepEqual(results[0]?.locations[0]?.physicalLocation.region, { startLine: 3, startColumn: 15, endLine: 3, endColumn: 23 });
    assert.equal(results[0]?.message.text, 'there is no plugin `key-auht`\nHint: did you mean `key-auth`?');
    assert.match(results[2]?.locations[0]?.physicalLocation.artifactLocation.uri ?? '', /^file:\/\/\/.*\/no%20such,%20file\.yaml$/);
    assert.equal(results[3]?.relatedLocations?.length, 1);
  });

  it('shows nothing that a terminal would obey or that looks like a line of its own, be it in a name of the file or in the file', async () => {
    const name = space.path('x\u001b[31m\n::error::y.yaml');
    await writeFile(name, 'routes:\n  - uri: /\n    plugins: {"key\\e[31m-auth": {}}\n    "fie\\e[2Jld\\n::warning::x": 1\n"to\\u202ep": 1\n');
    const reports = await Promise.all([...['pretty', 'github', 'json', 'sarif'].map((format) => validate([name, '--format', format])), run(['start', '-c', name, '--log-format', 'pretty'])]);
    for (const { code, stdout, stderr } of reports) {
      assert.equal(code, 1);
      assert.doesNotMatch(stdout, /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]|^::(?:warning::x|error::y)/m);
      assert.doesNotMatch(stderr, /\u202e|\u001b\[2J/);
    }
  });

  it('ends quietly when its reader has seen enough', async () => {
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', '"$0" bin/gateway.js schema | head -n 1', process.execPath]);
    assert.equal(stdout, '{\n');
    assert.equal(stderr, '');
  });

  it('colours when forced, and not when NO_COLOR is set or in a pipe', async () => {
    const colour = async (env: NodeJS.ProcessEnv): Promise<boolean> => (await validate(['-c', bad], { env })).stdout.includes('\u001b[');
    assert.deepEqual(await Promise.all([colour({}), colour({ FORCE_COLOR: '1' }), colour({ NO_COLOR: '1' })]), [false, true, false]);
    const terminal = (env: NodeJS.ProcessEnv): boolean => useColour({ isTTY: true }, env);
    assert.deepEqual([{}, { NO_COLOR: '1' }, { FORCE_COLOR: '0' }, { FORCE_COLOR: 'false' }, { TERM: 'dumb' }, { TERM: 'dumb', FORCE_COLOR: '1' }].map(terminal), [true, false, false, false, false, true]);
  });
});
