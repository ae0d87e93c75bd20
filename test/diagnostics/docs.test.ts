import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Aside } from '../../src/aside/aside.js';
import type { Job, Verdict } from '../../src/aside/verdict.js';
import { createGate } from '../../src/cases/gate.js';
import { readSource, sourceOf } from '../../src/config/source.js';
import { CODES, type Code } from '../../src/diagnostics/codes.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { draw } from '../../src/diagnostics/draw.js';
import { FIXES } from '../../src/diagnostics/fixes.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { contentOf, diagnosticsOf, names } from '../support/corpus.js';
import { exampleText } from '../support/example.js';

const PAGE = new URL('../../../docs/diagnostics.md', import.meta.url);
const FILE = 'config.yaml';

const HEAD = `# Diagnostics

What \`gateway validate\`, a start and a reload may tell about a file. An **error** refuses the file; after a **warning** it
applies (\`gateway validate --strict\` refuses it too). The codes are stable, so scripts may match on them. Values that may be
secrets are shown as \`********\`.

All errors of a file are told at once. What is faulty is set aside, and the rest is looked at as if it were not there; errors
that would only follow from another are left out. A text that is no YAML is the exception: there is no rest to look at. Of
more than 500 errors the first are told. Warnings about how the parts of a file fit together come once it has no errors.

`;

/** What is printed for files that no folder of examples can hold. */
const OF_FILES: Readonly<Partial<Record<Code, () => Promise<readonly Diagnostic[]>>>> = {
  'file-missing': async () => (await readSource(FILE)).diagnostics,
  'file-unreadable': async () => (await readSource('examples')).diagnostics,
  'file-too-large': async () => sourceOf(FILE, Buffer.alloc(100_000_000)).diagnostics,
  'case-failed': async () => (await openedGuard()).slice(0, 1),
  // nobody waits a minute for a page
  'file-too-costly': async () => (await impatient({ file: FILE, before: Buffer.from('{}'), listed: [], after: Buffer.from('{}') })).diagnostics.map((d) => ({ ...d, message: d.message.replace(' 0 s', ' 60 s') })),
};

test('docs/diagnostics.md has every code, with an example and what is printed for it (npm run docs writes it)', async () => {
  let page = HEAD;
  for (const code of Object.keys(CODES) as Code[]) page += await section(code);
  if (process.env['UPDATE'] === '1') writeFileSync(PAGE, page);
  assert.equal(existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '', page);
});

/** What cases say of the tutorial once its guard is switched off. */
async function openedGuard(): Promise<readonly Diagnostic[]> {
  const source = sourceOf(FILE, Buffer.from(exampleText('key-auth').replace('disable: false', 'disable: true'))).value;
  return source ? createGate(['examples/key-auth/requests.yaml'], PLUGINS, {})(source) : [];
}

async function impatient(job: Job): Promise<Verdict> {
  const aside = new Aside({}, { base: 1, perMegabyte: 0, idle: 1000 });
  // the thread keeps nobody from ending
  const keep = setInterval(() => {}, 1000);
  try {
    return await aside.judge(job);
  } finally {
    clearInterval(keep);
    aside.close();
  }
}

/** The example of a code is the file of the corpus that has its name. */
async function section(code: Code): Promise<string> {
  const example = `${code}.yaml`;
  const inCorpus = names('err').includes(example);
  const printed = (inCorpus ? diagnosticsOf('err', example, FILE) : await OF_FILES[code]?.()) ?? [];
  assert.ok(printed.some((d) => d.code === code), `test/corpus/err/${example} must provoke ${code}`);
  const shown = !inCorpus ? '' : `\`\`\`yaml\n${textOf(example)}\n\`\`\`\n\n`;
  return `## ${code}\n\n${CODES[code]}\n\n${shown}\`\`\`text\n${draw(printed)}\n\`\`\`\n\n${FIXES[code]}\n\n`;
}

/** As it may stand on a page: without a byte that is no text. */
const textOf = (name: string): string => contentOf('err', name).toString('utf8').trimEnd();
