import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { once } from 'node:events';
import { after, describe, it } from 'node:test';
import { parse } from 'yaml';
import { inJson as diffInJson, inWords as diffInWords } from '../../src/cli/diff-report.js';
import { inWords } from '../../src/cli/explain-report.js';
import { isSecretName } from '../../src/config/secret-names.js';
import { sourceOf } from '../../src/config/source.js';
import { PLAIN } from '../../src/diagnostics/draw.js';
import { diff } from '../../src/diff/diff.js';
import { createExplain } from '../../src/explain/explain.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { load } from '../config/check.js';
import { Program, run, startGateway, workspace, type Ended } from '../support/cli.js';
import { ask, until } from '../support/client.js';
import { saveByRename } from '../support/files.js';
import { brokenFiles } from './broken.js';
import { carriers, failingCases, type Carrier } from './carried.js';
import { plantedFile } from './planted-file.js';
import { startRepeating } from './repeating.js';
import { FIELDS, nameOf } from './schemas.js';
import { secretFor, Tracer, type Planted } from './traces.js';

/*
 * Places: every field that a schema marks with `x-secret`, found in the schemas (schemas.ts), and by hand what no schema can
 * know of: what `$env://`, `$secret://` and `${{…}}` stand for, comments, labels, conditions, queries of addresses, and what
 * requests carry. Outputs: all that the program writes or serves. Each file and each run holds all places at once.
 */
const space = await workspace();
const servers = await startRepeating();
after(async () => {
  servers.close();
  await space.remove();
});

const surroundings = { ...servers, directory: space.path('secrets') };
const good = plantedFile(surroundings);
const changed = plantedFile(surroundings, ', changed');
const inFile = [...good.planted, ...changed.planted];
const carried = carriers(good.planted);
const cases = failingCases(carried);
const everything: readonly Planted[] = [...inFile, ...carried.flatMap(({ planted }) => planted), ...cases.planted];
const tracer = new Tracer(everything);
const env = good.env;

const broken = brokenFiles(good.text, good.planted).map((one, i) => ({ ...one, file: space.path(`broken-${i}.yaml`) }));
const files = { good: space.path('good.yaml'), changed: space.path('changed.yaml'), cases: space.path('requests.yaml'), brokenCases: space.path('broken-requests.yaml') };
await mkdir(surroundings.directory);
await writeFile(`${surroundings.directory}/ann`, good.ann);
await Promise.all([
  writeFile(files.good, good.text), writeFile(files.changed, changed.text),
  writeFile(files.cases, cases.text), writeFile(files.brokenCases, cases.text.replaceAll('"request":', '"nonsense":1,"request":')),
  ...broken.map(({ file, text }) => writeFile(file, text)),
]);

/** Milliseconds; a machine that is busy with other things takes its time. */
const PATIENCE = 150_000;

/** Nothing of any secret stands there, and something does. */
function silent(...texts: readonly string[]): void {
  for (const text of texts) assert.deepEqual(tracer.in(text).slice(0, 3), []);
}

function told({ stdout, stderr }: Ended, ...patterns: readonly RegExp[]): void {
  for (const pattern of patterns) assert.match(stdout + stderr, pattern);
  silent(stdout, stderr);
}

describe('a secret is planted', () => {
  const marked = FIELDS.filter((field) => field.marked).map(({ name }) => name);

  it('in every field that a schema marks with x-secret, at its place in the file', () => {
    assert.deepEqual([...new Set(marked)].filter((name) => !good.planted.some(({ place }) => place === name)), []);
    const held = textsIn(parse(good.text), []);
    for (const { place, secret } of good.planted.filter((one) => marked.includes(one.place))) {
      const at = held.find(([, text]) => text.replaceAll('\n', '').includes(secret))?.[0] ?? 'nowhere';
      assert.equal(place.endsWith('.*') ? at.replace(/\.[^.]+$/, '.*') : at, place);
    }
  });

  it('in every field whose name sounds secret, but those that are known to hold none', () => {
    const sounding = FIELDS.filter(({ name, marked: is }) => !is && /[.]/.test(name) && isSecretName(name.split('.').at(-1) ?? '')).map(({ name }) => name);
    assert.deepEqual([...new Set(sounding)].filter((name) => !HARMLESS.some((pattern) => pattern.test(name)) && !marked.some((one) => one.startsWith(name))), []);
  });

  it('and would be found, in part, in base64, in hex and in a URL', () => {
    const { place, secret } = { place: 'there', secret: secretFor('there') };
    const one = new Tracer([{ place, secret }]);
    for (const text of [secret, secret.slice(0, 7), secret.toLowerCase(), Buffer.from(`tom:${secret}`).toString('base64'), Buffer.from(`${secret}!`).toString('base64url'), Buffer.from(secret).toString('hex'), encodeURIComponent(secret)]) {
      assert.notEqual(one.in(`something ${text} else`).length, 0, text);
    }
    assert.deepEqual(one.in(good.text), []);
    assert.deepEqual(good.planted.filter(({ secret: inText }) => !good.text.replaceAll('\\n', '').includes(inText)).map((p) => p.place), ['the variable ANN_KEY', 'the variable APP_ANN', 'the variable ANN_PLAIN', 'the file of a secret', 'a field of the variable ANN_JSON']);
  });
});

/** Names that sound secret, of fields that hold none. */
const HARMLESS: readonly RegExp[] = [
  /^limit-\w+(\.rules\[\])?\.key(_type|_ttl)?$/, // what requests are counted by
  /upstream(s\[\])?\.key$/, // what is hashed
  /^jwt-auth credential\.(key|public_key|base64_secret)$/, // names a consumer; is public; says how the secret is written
  /^hmac-auth credential\.key_id$/, // names a consumer
  /^key-auth credential\.key_sha256(\[\])?$/, // opens nothing, and is hidden as all of a credential is
  /^jwt-auth\.key_claim_name$/, // names a claim
  /^openid-connect\.(public_key|token_|access_token_|renew_access_token|set_\w+_token_header)/, // how tokens are got and passed on
  /^openid-connect\.(bearer_only|authorization_params)$/, // what is accepted; what the address of a login page tells
  /_credentials?$/, // whether they are hidden, or allowed
];

describe('no secret is in what validate says', { concurrency: 2 }, () => {
  for (const format of ['pretty', 'json', 'github', 'sarif'] as const) {
    // the others draw what json holds: each fault once, and one that no parser gets over
    const some = format === 'json' ? broken : broken.filter(({ faults }, i) => faults.size !== 1 || i === broken.length - 1);
    it(`of a good file and of ${some.length} files with each secret broken, --format ${format}`, async () => {
      const { code, stdout, stderr } = await run(['validate', files.good, ...some.map(({ file }) => file), '--format', format], { env, within: PATIENCE });
      assert.equal(code, 1);
      assert.match(stdout, /private key where they are signed/);
      silent(stdout, stderr);
      if (format === 'json') assertPlaces(JSON.parse(stdout) as Reports);
      else for (const { file } of some) assert.ok(stdout.includes(file), file);
    });
  }

  it('of a file on stdin', async () => told(await run(['validate', '-', '--strict'], { env, input: broken[0]?.text ?? '' }), /wrong-type/));
});

type Reports = { readonly files: readonly { readonly file: string; readonly diagnostics: readonly { readonly range?: { readonly start: { readonly line: number } }; readonly frame?: { readonly lines: readonly string[] } }[] }[] };

/** Each secret's line is told of, so that it was drawn; and there it is hidden. */
function assertPlaces(reports: Reports): void {
  for (const { file, faults, title } of broken) {
    const diagnostics = reports.files.find((one) => one.file === file)?.diagnostics ?? [];
    const lines = new Set(diagnostics.flatMap(({ range }) => (range ? [range.start.line, range.start.line - 1] : [])));
    assert.deepEqual([...faults].filter(([, line]) => !lines.has(line)).map(([place]) => `${title}: ${place}`), []);
    assert.notEqual(diagnostics.length, 0, title);
    assert.ok(diagnostics.some(({ frame }) => frame?.lines.join().includes('********')), title);
  }
}

describe('no secret is in what diff says', () => {
  const edits: Readonly<Record<string, readonly [before: string, after: string, ...RegExp[]]>> = {
    'when each is added to what is there': [good.without, good.text, /redis_password added/, /extra_headers.* added/, /client_key added/, /req_headers added/, /api_token added/],
    'when each is removed from it': [good.text, good.without, /redis_password removed/, /extra_headers.* removed/, /client_key removed/],
    'when whole resources come': ['routes: []\n', good.text, /consumer tom/, /certificate site/],
    'when whole resources go': [good.text, 'routes: []\n', /consumer tom/, /certificate site/],
  };
  for (const [title, [before, after, ...patterns]] of Object.entries(edits)) {
    it(title, () => {
      const [old, now] = [load(before, env).loaded, load(after, env).loaded];
      assert.ok(old && now);
      const report = { before: 'old.yaml', after: 'new.yaml', changes: diff(old.config, now.config, PLUGINS) };
      const [json, words] = [diffInJson(report), diffInWords(report, PLAIN)];
      for (const pattern of patterns) assert.match(json, pattern);
      assert.match(words, /consumer tom/);
      silent(json, words);
    });
  }

  for (const format of ['pretty', 'json']) {
    it(`when each is changed, --format ${format}`, async () => {
      const ended = await run(['diff', files.good, files.changed, '--format', format], { env });
      assert.equal(ended.code, 1);
      told(ended, /csrf key changed/, /openid-connect session\.secret changed/, /redis_password changed/, /forward-auth extra_headers changed/, /key-auth credential changed: keys? changed/);
    });
  }
});

describe('no secret is in what explain says', () => {
  const source = sourceOf(files.good, Buffer.from(good.text)).value;

  it('of a request that carries one anywhere', async () => {
    assert.ok(source);
    const explain = createExplain(PLUGINS, env);
    for (const { title, request: line, headers, body } of carried) {
      const [method = '', url = ''] = line.split(' ');
      const { value, diagnostics } = await explain({ method, url, headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, [text]])), from: '127.0.0.1', body }, source);
      assert.ok(value, title);
      assert.ok(value.refused ?? value.route, title);
      silent(inWords(value, PLAIN), JSON.stringify(value), JSON.stringify(diagnostics));
    }
  });

  for (const format of ['pretty', 'json']) {
    it(`of one that carries several, --format ${format}`, async () => {
      const lines = carried.flatMap(({ headers }) => Object.entries(headers)).filter(([name]) => !/^(content-type|date)$/i.test(name));
      const sent = lines.flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
      told(await run(['explain', 'GET', `/counted?apikey=${encodeURIComponent(secretFor('a wrong credential'))}`, '-c', files.good, ...sent, '--format', format], { env }), /counted/, /X-Api-Key/i, /\*{8}/);
    });
  }

  it('of a file that is refused', async () => told(await run(['explain', 'GET', '/keyed', '-c', broken[0]?.file ?? '', '--format', 'json'], { env }), /wrong-type/));

  it('of a header that is none', async () => told(await run(['explain', 'GET', '/', '-c', files.good, '-H', `apikey ${good.planted.find(({ place }) => place === 'key-auth credential.key')?.secret}`], { env }), /'Name: value'/));
});

describe('no secret is in what test says', () => {
  for (const format of ['pretty', 'json', 'junit']) {
    it(`of cases that fail in everything, --format ${format}`, async () => {
      const ended = await run(['test', '-c', files.good, '--requests', files.cases, '--format', format], { env, within: PATIENCE });
      assert.equal(ended.code, 1);
      told(ended, /header X-Api-Key at the upstream/, /path at the upstream/, /nothing at all/, /Set-Cookie/, /=\*{8};/);
    });
  }

  it('of cases that are refused', async () => told(await run(['test', '-c', files.good, '--requests', files.brokenCases, '--format', 'json'], { env }), /nonsense/));
  it('of a configuration that is refused', async () => told(await run(['test', '-c', broken[0]?.file ?? '', '--requests', files.cases, '--format', 'junit'], { env }), /wrong.type/));
});

describe('no secret is in the log, nor on the admin listener', { concurrency: 2 }, () => {
  const debug = (format: string): string[] => ['--log-format', format, '--log-level', 'debug'];

  it('of a start that is refused, for the file or for its cases', async () => {
    const start = (file: string, format: string, ...more: readonly string[]): Promise<Ended> => run(['start', '-c', file, '--admin', 'off', ...debug(format), ...more], { env, within: PATIENCE });
    told(await start(broken[0]?.file ?? '', 'json'), /wrong-type/);
    told(await start(broken.at(-1)?.file ?? '', 'pretty'), /yaml-syntax|wrong/);
    told(await start(files.good, 'pretty', '--test', files.cases), /case-failed/, /nothing is started/);
    told(await start(files.good, 'json', '--test', files.brokenCases), /nonsense/, /nothing is started/);
  });

  it('of a gateway that meets every request, and every edit', async () => {
    const file = space.path('live.yaml');
    await writeFile(file, good.text);
    const gateway = await startGateway(file, [...debug('json'), '--test', await passing()], { env, within: PATIENCE });
    const look = async (): Promise<void> => {
      for (const path of ['/status', '/status/upstreams', '/status/ready', '/elsewhere?apikey=x']) silent((await ask(`${gateway.admin}${path}`)).body);
    };
    try {
      for (const one of carried) await send(gateway.url, one);
      for (const what of ['cannot be used', 'does not answer', 'access tokens cannot be judged']) await gateway.program.line(({ msg }) => msg.includes(what));
      assert.match((await gateway.outcome(() => saveByRename(file, changed.text))).msg, /applied: .*credential changed/);
      await look();
      for (const { text, title } of [broken[0], broken[3], broken[10], broken.at(-1)].flatMap((one) => one ?? [])) {
        assert.match((await gateway.outcome(() => saveByRename(file, `${text}\n#END\n`))).msg, /refused, [^]*\*{8}/, title);
        await look();
      }
      assert.match((await gateway.outcome(() => saveByRename(file, good.text.replace('key-auth: {}', 'key-auth: {_meta: {disable: true}}')))).msg, /refused, [^]*case-failed/);
      assert.match((await gateway.outcome(() => saveByRename(file, good.without))).msg, /applied: /);
      await look();
      gateway.program.signal('SIGTERM');
      told(await gateway.program.ended(30_000), /GET \/keyed/, /"consumer":"tom"/);
    } finally {
      await gateway.kill();
    }
  });

  it('of one whose log is for people', async () => {
    const file = space.path('pretty.yaml');
    await writeFile(file, good.text);
    const program = new Program(['start', '-c', file, '--admin', 'off', ...debug('pretty')], { env });
    const says = (what: RegExp): Promise<void> => until(() => what.test(program.stderr), String(what), 30_000);
    try {
      await says(/serving /);
      for (const one of carried) await send(/http:\/\/[\d.:]+/.exec(program.stderr)?.[0] ?? '', one);
      await saveByRename(file, changed.text);
      await says(/ applied: /);
      await saveByRename(file, `${broken[0]?.text}\n#END\n`);
      await says(/ refused, /);
      program.signal('SIGTERM');
      told(await program.ended(30_000), /GET \/keyed/, /"consumer":"tom"/, /credential changed/, /wrong-type/, /cannot be used/);
    } finally {
      await program.kill();
    }
  });

  it('though the servers that it asked were sent them', () => {
    for (const place of ['openid-connect.client_secret', 'limit-count.redis_password']) assert.ok(servers.sent().includes(good.planted.find((one) => one.place === place)?.secret ?? 'none'), place);
  });
});

/** Cases that pass, so that a gate stands before each edit. */
async function passing(): Promise<string> {
  const file = space.path('passing.yaml');
  await writeFile(file, `requests:\n  - request: GET /keyed\n    headers: {apikey: ${secretFor('a wrong credential')}}\n    expect: {status: 401}\n`);
  return file;
}

/** Sends a request as it is written: of an address the host, with what stands before it. */
async function send(url: string, { request: line, headers, body }: Carrier): Promise<void> {
  const [method, target = ''] = line.split(' ');
  const [, host = 'localhost', path = target] = /^http:\/\/([^/]*)(.*)$/.exec(target) ?? [];
  const req = request(url, { method, path, agent: false, headers: { Host: host, ...headers } });
  req.end(body);
  const [res] = await once(req, 'response') as [NodeJS.ReadableStream];
  await buffer(res);
}

function textsIn(value: unknown, path: readonly (string | number)[]): [string, string][] {
  if (typeof value === 'string') return [[nameOf(path), value]];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, i) => textsIn(item, [...path, i]));
  return Object.entries(value).flatMap(([name, item]: [string, unknown]) => textsIn(item, [...path, name]));
}
