import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { Program, run } from '../support/cli.js';
import { ask } from '../support/client.js';

describe('the command line', { concurrency: true }, () => {
  it('tells its commands on stdout', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    assert.equal(code, 0);
    assert.equal(stderr, '');
    for (const command of ['start', 'validate', 'init', 'schema', 'test', 'echo', 'hash-key', 'demo']) assert.match(stdout, new RegExp(`^  ${command}\\b`, 'm'));
  });

  it('tells the version of its package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string };
    assert.deepEqual(await run(['--version']), { code: 0, signal: null, stdout: `${version}\n`, stderr: '' });
  });

  const WRONG: readonly (readonly string[])[] = [
    [], ['nonsense'], ['start', '--nope'], ['start', 'surplus'], ['start', '--log-level', 'loud'], ['start', '--log-format', 'xml'],
    ['start', '--listen', 'nowhere'], ['start', '--listen', '127.0.0.1:70000'], ['start', '--admin', 'on'], ['start', '--poll', '1'], ['start', '-c'],
    ['validate', '--format', 'xml'], ['validate', '-', '-'], ['validate', '--strict=yes'], ['init', 'a', 'b'], ['schema', 'surplus'], ['echo', '--listen', '9081'],
  ];
  for (const args of WRONG) {
    it(`exits 2 for wrong usage: gateway ${args.join(' ')}`, async () => {
      const { code, stdout, stderr } = await run(args);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.notEqual(stderr, '');
    });
  }
});

describe('gateway hash-key', () => {
  it('prints the SHA-256 of the line on stdin', async () => {
    const expected = createHash('sha256').update('secret-key').digest('hex');
    assert.deepEqual(await run(['hash-key'], { input: 'secret-key\n' }), { code: 0, signal: null, stdout: `${expected}\n`, stderr: '' });
    assert.equal((await run(['hash-key'], { input: 'secret-key' })).stdout, `${expected}\n`);
  });

  it('exits 1 for bytes that no key of a file can be', async () => {
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', `printf '\\377' | "$0" bin/gateway.js hash-key || echo refused`, process.execPath]);
    assert.equal(stdout, 'refused\n');
    assert.match(stderr, /no UTF-8/);
  });

  it('exits 1 for no key, and for two lines', async () => {
    for (const input of ['', '\n', 'one\ntwo\n']) {
      const { code, stdout, stderr } = await run(['hash-key'], { input });
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, /one key, on one line/);
    }
  });
});

describe('gateway echo', () => {
  it('serves a sample upstream until it is told to stop', async () => {
    const program = new Program(['echo', '--listen', '127.0.0.1:0'], {});
    try {
      const line = await program.line(({ msg }) => msg.startsWith('sample upstream on '));
      const url = /http:\S+\d/.exec(line.msg)?.[0];
      assert.deepEqual(JSON.parse((await ask(`${url}/ip`)).body), { origin: '127.0.0.1' });
      program.signal('SIGTERM');
      assert.equal((await program.ended(2000)).signal, 'SIGTERM');
    } finally {
      await program.kill();
    }
  });

  it('exits 1 when it cannot listen', async () => {
    const { code, stderr } = await run(['echo', '--listen', '192.0.2.1:1']);
    assert.equal(code, 1);
    assert.match(stderr, /cannot listen on 192\.0\.2\.1:1/);
  });
});
