import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { run, workspace } from './support/cli.js';
import { exampleText } from './support/example.js';

/** What a newcomer gets wrong in the tutorial's file: in words, what stands there, and what is written in its place. */
const MISTAKES: readonly (readonly [slip: string, text: string, wrong: string])[] = [
  ['`key-auth:` with nothing behind it', '      key-auth: {}', '      key-auth:'],
  ['`key_auth`', 'key-auth: {}', 'key_auth: {}'],
  ['a field as other gateways call it', 'uri: /headers', 'path: /headers'],
  ['an upstream that is not there', 'uri: /headers\n    upstream_id: httpbin', 'uri: /headers\n    upstream_id: httpbni'],
  ['a path without its slash', 'uri: /ip', 'uri: ip'],
  ['a key of digits', 'key: secret-key', 'key: 0123'],
  ['no space after a colon', 'key: secret-key', 'key:secret-key'],
  ['a slip in `false`', 'disable: false', 'disable: flase'],
  ['a node without its weight', '127.0.0.1:9081: 1', '127.0.0.1:9081'],
  ['a tab', '        key: secret-key', '\tkey: secret-key'],
];

const HEAD = `
Ten slips in the tutorial's file, and what \`gateway validate config.yaml\` says of each. A save while the gateway runs says
the same, and changes nothing. [Every message that there is](docs/diagnostics.md), with an example and what to do.

`;

const space = await workspace();
after(() => space.remove());

test('the mistakes in the README get exactly the messages that stand there (UPDATE=1 writes them)', async () => {
  const readme = await readFile('README.md', 'utf8');
  const [before = '', rest = ''] = readme.split('## Mistakes\n');
  const next = rest.indexOf('\n## ');
  const shown = await entries();
  const section = `${HEAD}${shown.slice(0, 3).join('')}<details><summary>Seven more</summary>\n\n${shown.slice(3).join('')}</details>\n`;
  if (process.env['UPDATE'] === '1') await writeFile('README.md', `${before}## Mistakes\n${section}${rest.slice(next)}`);
  assert.equal(rest.slice(0, next), section);
});

/** Each mistake with what the program says of it. */
async function entries(): Promise<string[]> {
  const tutorial = exampleText('key-auth');
  const files = MISTAKES.map((_, i) => space.path(`${i}-config.yaml`));
  await Promise.all(MISTAKES.map(([slip, text, wrong], i) => {
    assert.ok(tutorial.includes(text), slip);
    return writeFile(files[i] ?? '', tutorial.replace(text, wrong));
  }));
  const { code, stdout } = await run(['validate', ...files]);
  assert.equal(code, 1);
  // one report after the other, each up to its last line
  const reports = stdout.replaceAll(`${space.dir}/`, '').split(/(?<=^\d-config\.yaml: refused.*\n)/m);
  return MISTAKES.map(([slip], i) => `${slip.replace(/^[a-z]/, (letter) => letter.toUpperCase())}:\n\n\`\`\`text\n${reports[i]?.replaceAll(`${i}-config.yaml`, 'config.yaml')}\`\`\`\n\n`);
}
