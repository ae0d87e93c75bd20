import assert from 'node:assert/strict';
import { appendFile, rename, utimes, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Program, Running, startGateway, workspace } from '../support/cli.js';
import { ask } from '../support/client.js';
import { startUpstream, type TestUpstream } from '../support/counting-upstream.js';
import { saveByRename } from '../support/files.js';

const space = await workspace();
let upstream: TestUpstream;
let files = 0;

before(async () => {
  upstream = await startUpstream('up');
});
after(async () => {
  await upstream.close();
  await space.remove();
});

/** Its guard comes last, so that a file cut before it is a valid one that is open. */
const head = (): string => `upstreams: [{id: up, nodes: {"127.0.0.1:${upstream.port}": 1}}]
gateway: {listen: "127.0.0.1:0"}
consumers: [{username: tom, plugins: {key-auth: {key: secret-key}}}]
routes:
  - id: protected
    uri: /ip
    upstream_id: up
`;
const GUARD = '    plugins:\n      key-auth: {}\n';
const whole = (): string => head() + GUARD;
const fresh = (): string => space.path(`${++files}.yaml`);
/** Longer than the hold. */
const AGED_MS = 900;
const HELD = /written just now/;
const statusOf = async ({ url }: Running): Promise<number | undefined> => (await ask(`${url}/ip`)).status;

async function started(program: Program): Promise<Running> {
  const line = await program.line(({ msg }) => msg.startsWith('serving '));
  return new Running(program, line['urls'] as readonly string[], line['admin'] as string | undefined);
}

const begin = (file: string): Program => new Program(['start', '-c', file, '--admin', '127.0.0.1:0', '--log-format', 'json'], {});

/** Keeps a file as young as one that is being written until the program has seen it so, however long its start takes. */
async function held(program: Program, file: string): Promise<void> {
  const writer = setInterval(() => void utimes(file, new Date(), new Date()), 100);
  try {
    await program.line(({ msg }) => HELD.test(msg));
  } finally {
    clearInterval(writer);
  }
}

describe('a start', { concurrency: true }, () => {
  it('waits for a writer that has come half way', async () => {
    const file = fresh();
    await writeFile(file, head());
    const program = begin(file);
    try {
      await held(program, file);
      await appendFile(file, GUARD);
      assert.equal(await statusOf(await started(program)), 401);
      assert.ok(!program.lines.some(({ msg }) => msg.includes(' applied: ')));
    } finally {
      await program.kill();
    }
  });

  it('waits for a writer within its last line', async () => {
    const file = fresh();
    await writeFile(file, `${head()}    plug`);
    const program = begin(file);
    try {
      await held(program, file);
      await appendFile(file, GUARD.slice('    plug'.length));
      assert.equal(await statusOf(await started(program)), 401);
    } finally {
      await program.kill();
    }
  });

  it('gives up on a file that does not stop changing', { timeout: 30_000 }, async () => {
    const file = fresh();
    await writeFile(file, whole());
    const program = begin(file);
    const writer = setInterval(() => void appendFile(file, '# more\n'), 200);
    try {
      const { code, stderr } = await program.ended(20_000);
      assert.equal(code, 1);
      assert.match(stderr, /does not stop changing, so it may be half written/);
      assert.match(stderr, /nothing is started/);
    } finally {
      clearInterval(writer);
      await program.kill();
    }
  });

  for (const [what, text, age] of [['ends with #END', () => `${whole()}#END\n`, 0], ['is old', whole, AGED_MS], ['is old and lacks its last newline', () => whole().trimEnd(), AGED_MS]] as const) {
    it(`waits for nothing when the file ${what}`, async () => {
      const file = fresh();
      await writeFile(file, text());
      await sleep(age);
      const gateway = await startGateway(file);
      try {
        assert.equal(await statusOf(gateway), 401);
        assert.ok(!HELD.test(gateway.program.stderr), gateway.program.stderr);
      } finally {
        await gateway.kill();
      }
    });
  }
});

for (const args of [[], ['--no-watch']]) {
  describe(`SIGHUP ${args.join(' ')}`, { concurrency: true }, () => {
    const served = async (use: (gateway: Running, file: string) => Promise<void>): Promise<void> => {
      const file = fresh();
      await writeFile(file, whole());
      const gateway = await startGateway(file, args);
      try {
        await use(gateway, file);
      } finally {
        await gateway.kill();
      }
    };
    const hangup = ({ program }: Running) => (): void => program.signal('SIGHUP');

    it('never takes what a writer has written so far', () => served(async (gateway, file) => {
      for (const half of [head(), `${head()}    plug`]) {
        await writeFile(file, half);
        await gateway.outcome(hangup(gateway), HELD);
        assert.equal(await statusOf(gateway), 401);
        await sleep(300);
        const { msg } = await gateway.outcome(() => writeFile(file, `${whole()}# ${half.length}\n`));
        assert.match(msg, / applied: .* nothing changed/);
        assert.equal(await statusOf(gateway), 401);
      }
    }));

    it('says that a last line does not end, and applies it when it does', () => served(async (gateway, file) => {
      await writeFile(file, head().trimEnd());
      await gateway.outcome(hangup(gateway), /is not applied: its last line does not end/);
      assert.deepEqual((await gateway.status()).stale_because, ['unfinished']);
      await gateway.outcome(hangup(gateway), /is NOT what runs since .*, because it is not complete/);
      assert.equal(await statusOf(gateway), 401);
      await appendFile(file, '\n');
      assert.match((await gateway.outcome(hangup(gateway))).msg, /^AUTHENTICATION REMOVED/);
      assert.equal((await gateway.status()).stale_because.length, 0);
    }));

    it('applies an old file at once, and one that was renamed into place', () => served(async (gateway, file) => {
      await sleep(AGED_MS);
      const began = performance.now();
      await gateway.outcome(hangup(gateway), / applied: generation 2, .* nothing changed/);
      await writeFile(`${file}~`, head());
      await sleep(20);
      await rename(`${file}~`, file);
      await gateway.outcome(hangup(gateway), /^AUTHENTICATION REMOVED/);
      const took = performance.now() - began;
      assert.ok(took < 700, `${took} ms`);
      await saveByRename(file, whole());
      await gateway.outcome(hangup(gateway), / applied: .*key-auth added/);
      assert.equal(await statusOf(gateway), 401);
    }));
  });
}
