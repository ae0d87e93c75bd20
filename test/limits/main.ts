import { shareLimits } from './shared.js';

/** `npm run test:limits`: what `shared.test.ts` does, over ten times as many requests. */
const closing: (() => unknown)[] = [];
const began = performance.now();
try {
  await shareLimits({ after: (close) => void closing.push(close) }, 100_000);
  console.log(`two gateways shared limits to the one over twice 100,000 requests, in ${((performance.now() - began) / 1000).toFixed(1)} s`);
} finally {
  for (const close of closing.reverse()) await close();
}
