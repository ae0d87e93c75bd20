import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { sourceOf } from '../../src/config/source.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { createLoader } from '../../src/load.js';
import { loadModules } from '../../src/modules/load.js';
import { withModules } from '../../src/modules/with-modules.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { Store } from '../../src/state/store.js';
import { rendered } from '../config/check.js';

const folder = mkdtempSync(join(tmpdir(), 'gateway-modules-'));
after(() => rmSync(folder, { recursive: true }));

const loader = createLoader(PLUGINS, {});
const SCHEMA = "{ type: 'object', properties: { word: { type: 'string' } }, additionalProperties: false }";
const module = (rest: string, name = 'own'): string => `export const own = { name: '${name}', priority: 5, schema: ${SCHEMA}, compile: () => ({}), ${rest} };\n`;
const CONFIG = 'gateway: {plugins: [./own.js]}\nroutes: [{uri: /, plugins: {own: {word: hello}}, upstream: {nodes: {127.0.0.1:1: 1}}}]\n';

/** What is told of a configuration with files beside it. */
async function told(files: Readonly<Record<string, string>>, text = CONFIG): Promise<readonly Diagnostic[]> {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const source = sourceOf(join(folder, 'config.yaml'), Buffer.from(text)).value;
  assert.ok(source);
  const { value, diagnostics } = loader(await withModules(source, {}), new Store(), 1);
  value?.table.retire(() => {});
  assert.equal(value === undefined, diagnostics.some(({ severity }) => severity === 'error'));
  return diagnostics;
}

const words = (diagnostics: readonly Diagnostic[]): string[] => diagnostics.map(({ code, message, range }) => `${range?.start.line}:${range?.start.column} ${code}: ${message}`);

describe('a module of plugins', () => {
  it('brings plugins that a file may use from then on', async () => assert.deepEqual(await told({ 'own.js': module('') }), []));

  it('may export several plugins, in a list, and whatever else it likes', async () => {
    const text = `${module('')}export default [{ ...own, name: 'other' }, own];\nexport const helper = () => 1;\n`;
    assert.deepEqual(await told({ 'own.js': text }, CONFIG.replace('own: {word: hello}', 'own: {}, other: {}')), []);
  });

  it('has its options checked as those of any plugin are', async () => {
    assert.deepEqual(words(await told({ 'own.js': module('') }, CONFIG.replace('word:', 'wrod:'))), ['2:35 unknown-field: `routes[0].plugins.own` has no field `wrod`']);
  });

  it('is read from the folder of the file, and through the environment as the file is', async () => {
    mkdirSync(join(folder, 'deep'), { recursive: true });
    assert.deepEqual(await told({ 'deep/own.mjs': module('') }, CONFIG.replace('./own.js', '"${{DIRECTORY:=deep}}/own.mjs"')), []);
  });

  const REFUSED: readonly (readonly [title: string, text: string, message: RegExp])[] = [
    ['does not parse', 'export const own = {;\n', /^1:21 module-unusable: .\/own.js does not load: Unexpected token ';'$/],
    ['throws', 'const a = 1;\nthrow new Error("no luck\\nwith this");\n', /^1:21 module-unusable: .\/own.js does not load: no luck \(line 2\)$/],
    ['imports what is not there', 'import "./absent.js";\n', /^1:21 module-unusable: .\/own.js does not load: Cannot find module .*absent.js' imported from .*own.js$/],
    ['exports no plugin', 'export const a = 1;\n', /exports no plugin$/],
    ['has the name of another', module('', 'key-auth'), /exports the plugin `key-auth`, and the gateway has one of that name$/],
    ['has no name that YAML could say', module('', 'My Plugin'), /exports a plugin whose `name` is no name$/],
    ['has no priority', module('priority: "high"'), /exports the plugin `own`, whose `priority` is no number$/],
    ['has no compile function', module('compile: 1'), /whose `compile` is no function$/],
    ['has no schema', module('schema: undefined'), /whose `schema` cannot be used: it needs `type: 'object'`$/],
    ['lets misspelt options pass', module("schema: { type: 'object', properties: {} }"), /it needs `additionalProperties: false`/],
    ['has a schema that is none', module("schema: { type: 'object', properties: { a: { type: 'strnig' } }, additionalProperties: false }"), /cannot be used: it\/properties\/a\/type must be/],
    ['has a schema with a misspelt keyword', module("schema: { type: 'object', properties: { a: { minlength: 1 } }, additionalProperties: false }"), /strict mode: unknown keyword: "minlength"$/],
    ['has a schema that refers elsewhere', module("schema: { type: 'object', properties: { a: { $ref: '#/definitions/plugins' } }, additionalProperties: false }"), /takes no `\$ref` and `\$id`$/],
    ['recognises consumers by no keys', module(`credentialSchema: ${SCHEMA}`), /which has a `credentialSchema` and no function `credentialKeys`$/],
  ];
  for (const [title, text, message] of REFUSED) {
    it(`refuses the file when it ${title}`, async () => {
      const diagnostics = await told({ 'own.js': text });
      assert.equal(diagnostics.length, 1);
      assert.match(words(diagnostics)[0] ?? '', message);
      assert.doesNotMatch(rendered(diagnostics), /\n\s+at |with this|\?[0-9a-f]{16}/);
    });
  }

  it('refuses the file when it is not there, or is a folder', async () => {
    assert.match(words(await told({}, CONFIG.replace('own.js', 'absent.js')))[0] ?? '', /^1:21 module-unusable: .\/absent.js cannot be read \(ENOENT\)$/);
    mkdirSync(join(folder, 'folder.js'), { recursive: true });
    assert.match(words(await told({}, CONFIG.replace('own.js', 'folder.js')))[0] ?? '', /cannot be read \(EISDIR\)$/);
  });

  it('refuses the file when two of them have one name', async () => {
    const text = CONFIG.replace('./own.js', './own.js, ./twin.js');
    assert.deepEqual(words(await told({ 'own.js': module(''), 'twin.js': module('') }, text)), ['1:31 module-unusable: ./twin.js exports the plugin `own`, and ./own.js has one of that name']);
  });

  const FAILING: readonly (readonly [title: string, text: string, message: RegExp])[] = [
    ['its compile throws', module('compile: () => { throw new Error("not today"); }'), /^2:34 plugin-rejected: own fails to compile: not today$/],
    ['its compile throws what has no words', module('compile: () => { throw { toString: () => { throw 1; } }; }'), /^2:34 plugin-rejected: own fails to compile: an error without a message$/],
    ['its compile returns nothing', module('compile: () => undefined'), /`compile` must return handlers, at once$/],
    ['its compile makes them wait', module('compile: async () => ({})'), /`compile` must return handlers, at once$/],
    ['it has a handler that no phase runs', module('compile: () => ({ acces: () => undefined })'), /there is no phase `acces`: rewrite, access, headerFilter, log$/],
    ['it has a handler that is no function', module('compile: () => ({ access: 1 })'), /`access` must be a function$/],
    ['it rejects its options', module('compile: (o, binding) => { binding.reject(["word"], "not this word"); return {}; }'), /^2:41 plugin-rejected: not this word$/],
  ];
  for (const [title, text, message] of FAILING) {
    it(`refuses the file when ${title}`, async () => assert.match(words(await told({ 'own.js': text })).join('\n'), message));
  }

  it('refuses the file when it fails on a credential, which is not quoted', async () => {
    const text = module(`credentialSchema: ${SCHEMA}, credentialKeys: ({ word }) => { throw new TypeError(word); }`);
    const config = `${CONFIG}consumers: [{username: tom, plugins: {own: {word: planted-secret-of-tom}}}]\n`;
    const diagnostics = await told({ 'own.js': text }, config.replace('{word: hello}', '{}'));
    assert.match(words(diagnostics)[0] ?? '', /^3:44 plugin-rejected: own fails on a credential \(TypeError\)$/);
    assert.doesNotMatch(rendered(diagnostics), /planted-secret/);
  });

  it('has its secrets hidden, as its schema marks them, also where it quotes them itself', async () => {
    const text = module("schema: { type: 'object', properties: { pin: { type: 'string', 'x-secret': true } }, additionalProperties: false }, compile: ({ pin }, binding) => { binding.warn(['pin'], `${pin} is short`); throw new Error(`not ${pin}, ${'x'.repeat(180)} ${pin}`); }");
    const diagnostics = await told({ 'own.js': text }, CONFIG.replace('word: hello', 'pin: planted-pin'));
    assert.deepEqual(words(diagnostics).map((one) => one.slice(0, 60)), ['2:34 plugin-rejected: own fails to compile: not ********, xx', '2:40 plugin-rejected: ******** is short']);
    assert.match(rendered(diagnostics), /own: \{pin: \*{8}\}/);
    assert.doesNotMatch(rendered(diagnostics), /planted/);
    assert.doesNotMatch(rendered(await told({ 'own.js': text }, CONFIG.replace('word: hello', 'pni: planted-pin'))), /planted/);
  });

  it('is not waited for without end', async () => {
    writeFileSync(join(folder, 'slow.js'), 'await new Promise(() => {});\n');
    const module = (await loadModules(['./slow.js'], folder, 20)).get('./slow.js');
    assert.match(module?.problem?.message ?? '', /^does not load: it was not loaded after 0.02 s$/);
  });

  it('is loaded anew when it was saved, and state that it retains is not shared with what it was', async () => {
    const first = (await loadModules(['./own.js'], folder)).get('./own.js');
    assert.equal((await loadModules(['./own.js'], folder)).get('./own.js')?.edition, first?.edition);
    writeFileSync(join(folder, 'own.js'), module('priority: 6'));
    const second = (await loadModules(['./own.js'], folder)).get('./own.js');
    assert.notEqual(second?.print, first?.print);
    assert.equal(second?.plugins[0]?.priority, 6);
  });
});
