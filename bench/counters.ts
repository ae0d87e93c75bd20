/** `npm run bench:counters`: what a million keys cost a local limit in memory, and a request in time. */
import { FixedWindow } from '../src/limits/windows.js';

const KEYS = 1_000_000;
const MANY = 1e9;

const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
};

const before = heap();
const limiter = new FixedWindow({ now: () => performance.now() });
let began = performance.now();
for (let i = 0; i < KEYS; i++) limiter.take(`203.0.113.7 some-key-of-a-client-${i}`, 10, 3_600_000);
const fresh = ((performance.now() - began) / KEYS) * 1000;
const after = heap();
began = performance.now();
for (let i = 0; i < KEYS; i++) limiter.take('203.0.113.7', MANY, 3_600_000);
const known = ((performance.now() - began) / KEYS) * 1000;
process.stdout.write(`${KEYS.toLocaleString('en')} keys: ${(after - before).toFixed(1)} MB are held; ${fresh.toFixed(2)} µs for a new key, ${known.toFixed(2)} µs for a known one\n`);
// what is measured must be alive until then
if (limiter.take('203.0.113.7', MANY, 3_600_000).remaining < 0) process.exitCode = 1;
