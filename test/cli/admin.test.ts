import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { adminPlaces, movedPlaces, plainPlace, servingPlaces } from '../../src/cli/places.js';
import { startGateway, workspace, type Running } from '../support/cli.js';
import { ask } from '../support/client.js';
import { tutorial } from '../support/files.js';

describe('where the gateway tells of itself', () => {
  const block = { listen: '0.0.0.0:9080' };

  it('is the loopback address, unless something else is asked for', () => {
    assert.deepEqual(adminPlaces({}, block), [plainPlace('127.0.0.1:9180')]);
    assert.deepEqual(adminPlaces({}, { ...block, admin: true }), [plainPlace('127.0.0.1:9180')]);
    assert.deepEqual(adminPlaces({}, { ...block, admin: { listen: '127.0.0.1:1' } }), [plainPlace('127.0.0.1:1')]);
    assert.deepEqual(adminPlaces({ admin: '127.0.0.1:2' }, { ...block, admin: false }), [plainPlace('127.0.0.1:2')]);
  });

  it('is nowhere when it is off in the file or by the flag', () => {
    assert.deepEqual(adminPlaces({}, { ...block, admin: false }), []);
    assert.deepEqual(adminPlaces({ admin: 'off' }, { ...block, admin: true }), []);
  });

  it('waits for the next start when the file moves it, unless a flag replaces the file', () => {
    const moved = { ...block, listen: ['127.0.0.1:1'], admin: false };
    assert.deepEqual(movedPlaces({}, block, block), []);
    assert.deepEqual(movedPlaces({}, block, moved), ['gateway.listen', 'gateway.admin']);
    assert.deepEqual(movedPlaces({ listen: ['127.0.0.1:3'], admin: 'off' }, block, moved), []);
    assert.deepEqual(servingPlaces({}, moved), [plainPlace('127.0.0.1:1')]);
  });
});

describe('the admin listener', () => {
  let gateway: Running;
  let remove: () => Promise<void>;

  before(async () => {
    const space = await workspace();
    ({ remove } = space);
    await writeFile(space.path('c.yaml'), tutorial(1));
    gateway = await startGateway(space.path('c.yaml'));
  });
  after(async () => {
    await gateway.kill();
    await remove();
  });

  const get = async (path: string, headers = {}): Promise<number> => (await ask(`${gateway.admin}${path}`, { headers })).status;

  it('answers to its address and to localhost', async () => {
    assert.equal(await get('/status'), 200);
    assert.equal(await get('/status/ready', { Host: 'localhost:9180' }), 200);
    assert.equal(await get('/status/ready?verbose', { Host: '[::1]' }), 200);
    assert.equal(await get('/nothing'), 404);
  });

  for (const headers of [{ Host: 'evil.test' }, { Host: '127.0.0.1.evil.test' }, { Host: 'localhost.evil.test:9180' }, { Origin: 'http://evil.test' }, { Origin: 'null' }, { Host: 'evil.test', Origin: 'http://evil.test' }]) {
    it(`refuses ${JSON.stringify(headers)}`, async () => {
      assert.equal(await get('/status', headers), 403);
      assert.equal(await get('/status/ready', headers), 403);
    });
  }

  it('takes nothing but GET and HEAD', async () => {
    assert.equal((await fetch(`${gateway.admin}/status`, { method: 'POST' })).status, 405);
    const head = await fetch(`${gateway.admin}/status`, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(await head.text(), '');
  });

  it('tells of a gateway that just started', async () => {
    const status = await gateway.status();
    assert.equal(status.generation, 1);
    assert.equal(status.in_sync, true);
    assert.deepEqual(status.stale_because, []);
    assert.deepEqual(status.restart_needed, []);
    assert.deepEqual(status.in_flight, [{ generation: 1, requests: 0 }]);
    assert.equal(status.last_reload.outcome, 'applied');
  });
});
