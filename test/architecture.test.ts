import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

interface Module {
  readonly file: string;
  readonly text: string;
  /** Files of the project that it imports, types included. */
  readonly imports: readonly string[];
  /** The same without imports of types, which are gone at run time. */
  readonly needs: readonly string[];
  readonly packages: readonly string[];
}

const modules: readonly Module[] = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => read(name));

test('the request path knows nothing of YAML, schemas or how a configuration is read', () => {
  forbid(within('proxy/'), (m) => m.imports.filter((file) => /^(config|schema)\//.test(file)));
  forbid(within('proxy/'), (m) => m.packages.filter((name) => name === 'yaml' || name === 'ajv'));
});

test('a plugin imports neither another plugin nor the proxy', () => {
  const plugins = within('plugins/').filter((m) => !['plugins/plugin.ts', 'plugins/index.ts'].includes(m.file));
  // a plugin is a file, and a folder of its name where one file is too much; what several share is no plugin
  const own = ({ file }: Module): string => `${file.replace(/\.ts$/, '').split('/').slice(0, 2).join('/')}/`;
  const allowed = (m: Module, file: string): boolean => file === 'plugins/plugin.ts' || file.startsWith('plugins/common/') || file.startsWith(own(m));
  forbid(plugins, (m) => m.imports.filter((file) => file.startsWith('proxy/') || (file.startsWith('plugins/') && !allowed(m, file))));
  forbid(within('plugins/common/'), (m) => m.imports.filter((file) => file.startsWith('plugins/') && file !== 'plugins/plugin.ts' && !file.startsWith('plugins/common/')));
});

test('only the command line prints, exits, reads argv and the environment, or traps signals; nothing imports it', () => {
  const others = modules.filter((m) => !m.file.startsWith('cli/'));
  forbid(others, (m) => m.text.match(/\bconsole\.|\bprocess\.(?!nextTick|platform)\w+/g) ?? []);
  forbid(others, (m) => m.imports.filter((file) => file.startsWith('cli/')));
});

test('no module has a binding that changes', () => {
  forbid(modules, (m) => m.text.match(/^(?:export )?(?:let|var) .*/gm) ?? []);
});

test('no `any`, no non-null assertion, no enum, no default export', () => {
  forbid(modules, (m) => m.text.match(/[:<]\s*any\b|\bas any\b|[\w)\]]!(?=[.;,)\s[])(?!=)|^\s*(?:export )?(?:const )?enum \w+ \{|^export default\b/gm) ?? []);
});

test('no two modules need each other', () => {
  const graph = new Map(modules.map((m) => [m.file, m.needs]));
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    assert.ok(!path.includes(file), `a cycle: ${[...path, file].join(' → ')}`);
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const m of modules) visit(m.file, []);
});

test('each third-party package has one door', () => {
  const doors = new Map<string, string[]>();
  for (const m of modules) for (const name of m.packages) doors.set(name, [...(doors.get(name) ?? []), m.file]);
  // yaml: the parser, the positions and masks of what it parsed, the guard before it, the words for its errors; ajv: the check, and its errors' words
  const rooms = { yaml: /^config\//, ajv: /^config\//, pino: /^cli\//, commander: /^cli\// } as const;
  for (const [name, files] of doors) {
    const room = Object.entries(rooms).find(([known]) => known === name)?.[1];
    if (room) assert.deepEqual(files.filter((file) => !room.test(file)), [], `${name} leaves its room`);
    else assert.equal(files.length, 1, `${name} is imported by ${files.join(', ')}`);
  }
});

test('most files are short', () => {
  const long = modules.filter((m) => m.text.split('\n').length > 270).map((m) => m.file);
  assert.deepEqual(long, []);
});

function read(name: string): Module {
  const text = readFileSync(join('src', name), 'utf8');
  const found = [...text.matchAll(/^(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm)];
  const targets = found.map((m) => ({ target: m[2] ?? m[3] ?? m[4] ?? '', typeOnly: m[1] !== undefined }));
  const local = (target: string): string => normalize(join(dirname(name), target)).replace(/\.js$/, '.ts');
  const ours = targets.filter(({ target }) => target.startsWith('.'));
  return {
    file: name,
    text: text.replace(/\/\*[^]*?\*\/|(^|\s)\/\/.*$/gm, ''),
    imports: ours.map(({ target }) => local(target)),
    needs: ours.filter(({ typeOnly }) => !typeOnly).map(({ target }) => local(target)),
    packages: [...new Set(targets.map(({ target }) => target).filter((target) => !/^(\.|node:)/.test(target)))],
  };
}

const within = (folder: string): Module[] => modules.filter((m) => m.file.startsWith(folder));

function forbid(among: readonly Module[], findings: (m: Module) => readonly string[]): void {
  assert.ok(among.length > 0);
  assert.deepEqual(among.flatMap((m) => findings(m).map((finding) => `${m.file}: ${finding}`)), []);
}
