import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { run, workspace } from '../support/cli.js';
import { BROKEN, tutorial } from '../support/files.js';

const space = await workspace();
const file = space.path('config.yaml');

before(async () => {
  await writeFile(file, tutorial(9081));
  await writeFile(space.path('broken.yaml'), BROKEN);
});
after(() => space.remove());

const explain = (...args: string[]) => run(['explain', '-c', file, ...args]);

describe('gateway explain', { concurrency: 3 }, () => {
  it('exits 0 for whatever it can explain, and tells it on stdout', async () => {
    const { code, stdout, stderr } = await explain('GET', '/ip');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^route +protected /m);
    assert.match(stdout, /^answer +401, by the plugin key-auth$/m);
    assert.equal((await explain('GET', '/nowhere')).code, 0);
  });

  it('exits 1 for a file that is refused, and tells all that is wrong with it', async () => {
    const { code, stdout } = await run(['explain', '-c', space.path('broken.yaml'), 'GET', '/ip']);
    assert.equal(code, 1);
    assert.match(stdout, /broken\.yaml:3:15: error: [^]*\n\n.*broken\.yaml: refused\n$/);
    assert.equal((await run(['explain', '-c', space.path('none.yaml'), 'GET', '/ip'])).code, 1);
  });

  it('exits 2 for what is no request', async () => {
    const WRONG = [['GET'], ['get', '/ip'], ['GET', 'ip'], ['GET', 'http://'], ['GET', '/a b'], ['GET', '/', '-H', 'nothing'], ['GET', '/', '-H', 'A: b\x01'], ['GET', '/', '--from', 'home'], ['GET', '/', '--format', 'xml']];
    for (const args of WRONG) {
      const { code, stdout, stderr } = await explain(...args);
      assert.deepEqual([args, code, stdout], [args, 2, '']);
      assert.match(stderr, /error: /);
    }
  });

  it('takes headers, an address and a body, and tells programs: one JSON object', async () => {
    const { stdout } = await explain('POST', 'http://example.com/ip?a=1', '-H', 'apikey: secret-key', '-H', 'X-Real-IP: 192.0.2.1', '--from', '203.0.113.7', '--data', 'ä', '--format', 'json');
    const told = JSON.parse(stdout) as { route: { id: string }; consumer: string; refused: null; upstream: { sent: { target: string; headers: [string, string][] } } };
    assert.deepEqual([told.route.id, told.consumer, told.refused, told.upstream.sent.target], ['protected', 'tom', null, '/ip?a=1']);
    const headers = Object.fromEntries(told.upstream.sent.headers);
    assert.deepEqual([headers['Host'], headers['X-Real-IP'], headers['Content-Length'], headers['apikey']], ['example.com', '203.0.113.7', '2', '********']);
    assert.doesNotMatch(stdout, /secret-key/);
  });

  it('reads stdin where the file is called -', async () => {
    const { code, stdout } = await run(['explain', '-c', '-', 'GET', '/a'], { input: 'routes: [{id: here, uri: /a, upstream: {nodes: [{host: a, port: 1, weight: 1}, {host: b, port: 2, weight: 3, priority: 1}]}}]' });
    assert.equal(code, 0);
    assert.match(stdout, /^route +here \(<stdin>:1:10\)\n[^]*\n  a:1 weight 1\n  b:2 weight 3 priority 1\n  gets GET \/a \(at b:2\)$/m);
  });

  it('shows nothing that a terminal would obey', async () => {
    const { stdout } = await run(['explain', '-c', '-', 'GET', '/', '-H', 'X-A: a\u009b2Jb\u202ejörg'], { input: 'routes: [{uri: /, name: "n\\e[2J", upstream: {nodes: {"a:1": 1}}}]' });
    assert.match(stdout, /X-A: a·2Jb·jörg\n/);
    assert.match(stdout, /\(n·\[2J\)/);
    assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  });

  it('takes headers with the names of what every object has', async () => {
    const { code, stdout, stderr } = await explain('GET', '/ip', '-H', 'constructor: a', '-H', '__proto__: b', '-H', 'toString: c');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /401, by the plugin key-auth/);
  });
});
