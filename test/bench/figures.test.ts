import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuOf, rssOf, treeOf, usageOf } from '../../bench/cpu.js';
import { parseWrk } from '../../bench/load.js';
import { drawCase, insert } from '../../bench/report.js';
import { median, summarise } from '../../bench/summary.js';

const REPORT = `Running 2s test @ http://127.0.0.1:9080/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.06ms    1.10ms  30.12ms   91.00%
  Latency Distribution
     50%  980.00us
     75%    2.11ms
     90%    3.00ms
     99%    1.05s 
  31230 requests in 2.00s, 9.20MB read
  Socket errors: connect 1, read 2, write 0, timeout 4
  Non-2xx or 3xx responses: 12
Requests/sec:  15615.48
Transfer/sec:      4.60MB
`;

test('wrk\'s report is read, whatever the units of its latencies', () => {
  assert.deepEqual(parseWrk(REPORT), { requests: 31230, perSecond: 15615.48, p50: 0.98, p99: 1050, refused: 12, errors: 7 });
  const clean = REPORT.replace(/^ {2}(Socket|Non-2xx).*\n/gm, '');
  assert.deepEqual(parseWrk(clean), { requests: 31230, perSecond: 15615.48, p50: 0.98, p99: 1050, refused: 0, errors: 0 });
});

test('the times of a process are read, whatever its name is', () => {
  const rest = 'R 1 1 1 0 -1 4194304 100 0 0 0 150 50 3 2 20 0 11 0 1000 1000000 500';
  assert.equal(cpuOf(`42 (a) R (b) ${rest}`), 205 * 10_000);
  assert.equal(rssOf('VmPeak:\t  900 kB\nVmRSS:\t  120 kB\n'), 120 * 1024);
});

test('a process that has ended has used nothing', () => {
  assert.deepEqual(usageOf(2 ** 30), { cpu: 0, rss: 0 });
  assert.deepEqual(treeOf(2 ** 30), [2 ** 30]);
});

test('the median of an even count lies between the two in the middle', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([9, 1, 5, 3]), 4);
  assert.ok(Number.isNaN(median([])));
});

const sample = (cpu: number) => ({ cpu, perSecond: 1000, p50: 1, p99: 2, rss: 5e7 });
const measured = {
  name: 'GET', baselines: ['b'], skipped: [{ name: 'c', reason: 'it is not installed' }],
  rows: [{ name: 'a', samples: [sample(10), sample(60), sample(20)] }, { name: 'b', samples: [sample(10), sample(30), sample(40)] }],
};

test('ratios are formed within a round', () => {
  const [a] = summarise(measured);
  assert.equal(a?.cpu, 20);
  // of 1, 2 and 0.5; the ratio of the medians would be 0.67
  assert.deepEqual(a?.ratios, [1]);
});

test('a table tells who was left out', () => {
  assert.match(drawCase(measured), /^\| a +\| +20\.0 \| 1\.00 \| +1,000 \| +1\.00 \| +2\.00 \| +50 \|$[^]*^left out: c \(it is not installed\)$/m);
});

test('a report replaces what stands between the marks, and nothing else', () => {
  const page = 'a\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nb\n';
  assert.equal(insert(page, 'new'), page.replace('old', 'new'));
  assert.throws(() => insert('no marks', 'new'), /marks/);
});
