import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { closeFrame, FrameCursor } from '../../src/proxy/frames.js';

/** A frame whose length is written in the shortest way, or in a longer one. */
const frame = fc.record({ code: fc.constantFrom(0x81, 0x02, 0x00, 0x89), masked: fc.boolean(), size: fc.constantFrom(0, 1, 125, 126, 300, 65_535, 65_536, 70_000), wide: fc.boolean() }).map(({ code, masked, size, wide }) => {
  const extended = size > 65_535 || (wide && size > 125) ? 8 : size > 125 ? 2 : 0;
  const head = Buffer.alloc(2 + extended + (masked ? 4 : 0), 0x88);
  head[0] = code;
  head[1] = (masked ? 0x80 : 0) | (extended === 8 ? 127 : extended === 2 ? 126 : size);
  if (extended === 8) head.writeBigUInt64BE(BigInt(size), 2);
  if (extended === 2) head.writeUInt16BE(size, 2);
  // a payload that looks like Close frames all along
  return Buffer.concat([head, Buffer.alloc(size, 0x88)]);
});

it('finds the end of each frame, wherever the bytes are cut', () => {
  fc.assert(fc.property(fc.array(frame, { minLength: 1, maxLength: 6 }), fc.infiniteStream(fc.integer({ min: 1, max: 40_000 })), (frames, cuts) => {
    const bytes = Buffer.concat(frames);
    const cursor = new FrameCursor();
    const ends: number[] = [];
    for (let at = 0; at < bytes.length;) {
      const chunk = bytes.subarray(at, at + (cuts.next().value ?? 1));
      for (let i = 0; i < chunk.length;) {
        i = cursor.next(chunk, i);
        if (cursor.between) ends.push(at + i);
      }
      at += chunk.length;
    }
    let end = 0;
    assert.deepEqual(ends, frames.map((f) => (end += f.length)));
    assert.equal(cursor.closing, false);
  }));
});

it('sees a Close frame', () => {
  const cursor = new FrameCursor();
  cursor.advance(closeFrame(1012));
  assert.deepEqual([cursor.closing, cursor.between], [true, true]);
});
