import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cut, fraction, sample, spoilt } from './generate.js';
import { readHere, readWithNode, relayed } from './reference.js';
import { bench, get, perRequest, type Recorder, WholeRecorder } from './support.js';

// HTTP1_RUNS=1000000 for a long run.
const numRuns = Number(process.env['HTTP1_RUNS'] ?? 1500);
const bytewise = (bytes: Buffer): Buffer[] => Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));

test('a valid response is read as node:http reads it, however it is cut', async () => {
  const cuts = fc.array(fraction, { maxLength: 6 });
  await fc.assert(fc.asyncProperty(sample, cuts, async ({ method, bytes }, at) => {
    const expected = relayed(await readWithNode([bytes], method));
    assert.equal(expected.failure, undefined);
    for (const pieces of [[bytes], cut(bytes, at), bytewise(bytes)]) {
      assert.deepEqual(readHere(pieces, method).reading, expected);
      assert.deepEqual(readHere(pieces, method, true).reading, expected);
    }
  }), { numRuns });
});

test('a spoilt response is never delivered where node:http refuses it or reads it otherwise', async () => {
  let delivered = 0;
  await fc.assert(fc.asyncProperty(spoilt, async ({ method, bytes }) => {
    const { reading, consumed } = readHere(bytewise(bytes), method);
    const { reading: atOnce } = readHere([bytes], method);
    assert.equal(atOnce.complete, reading.complete);
    if (!reading.complete || toleratedHere(bytes)) return;
    delivered++;
    assert.deepEqual(atOnce, reading);
    // What follows a response is refused separately: the connection is not used again.
    const reference = relayed(await readWithNode([bytes.subarray(0, consumed)], method));
    // Extensions are skipped here without regard to their grammar, as long as they keep to their line;
    // Connection in an informational response is left to the final one.
    if (!/in chunk extensions|Data after `Connection: close`/.test(reference.failure ?? '')) assert.deepEqual(reading, reference);
  }), { numRuns });
  assert.ok(delivered > numRuns / 20, `${delivered} delivered`);
});

// node:http refuses to see two Content-Lengths; equal ones are one (RFC 9110 section 8.6). And it
// refuses Content-Length in a trailer section, where it means nothing and is dropped here.
function toleratedHere(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  return /content-length:[^]*content-length:|content-length:[^\r]*,/i.test(text)
    || /\r\n0+(;[^\r]*)?\r\n([^\r]+\r\n)*content-length:/i.test(text);
}

test('over sockets: valid and spoilt responses, each followed by the end of the connection', async (t) => {
  let response: Buffer = Buffer.alloc(0);
  const { send, pool } = await bench(t, perRequest((socket) => void socket.end(response)));
  const both = fc.oneof(sample, spoilt);
  await fc.assert(fc.asyncProperty(both, async ({ method, bytes }) => {
    response = bytes;
    const { reading } = readHere([bytes], method, true);
    const { sink } = send(get(method), new WholeRecorder());
    await sink.done;
    assert.equal(pool.stats().busy, 0);
    assert.equal(sink.fault === undefined, reading.complete, sink.fault?.message);
    if (reading.complete) sameAs(sink, reading.status, reading.body);
    pool.close();
  }), { numRuns: Math.min(numRuns, 500) });
});

function sameAs(sink: Recorder, status: number, body: string): void {
  assert.equal(sink.head?.status, status);
  assert.equal(sink.body, body);
}
