/** `npm run fuzz`: what becomes of the gateway among broken clients and upstreams. See test/fuzz/README.md. */
import { parseArgs } from 'node:util';
import { fuzz, type FuzzResult } from './run.js';

const { values } = parseArgs({
  options: { requests: { type: 'string' }, responses: { type: 'string' }, seed: { type: 'string' }, minutes: { type: 'string' } },
});
const number = (text: string | undefined, otherwise: number): number => (text === undefined ? otherwise : Number(text));
const seed = number(values.seed, Date.now() % 1_000_000_000);
const minutes = number(values.minutes, 30);
const note = process.stderr.isTTY ? (text: string): void => void process.stderr.write(`\r${text}   `) : undefined;

process.stdout.write(`seed ${seed}\n`);
const began = performance.now();
const result = await fuzz({ requests: number(values.requests, 1_000_000), responses: number(values.responses, 1_000_000), seed, within: (minutes * 60_000) / 2, ...(note && { note }) });
process.stdout.write(report(result));
process.exitCode = result.failures.length > 0 || grown(result).length > 0 ? 1 : 0;

function report(result: FuzzResult): string {
  const { requests, responses, outcomes, failures, probes, memory } = result;
  const sorted = probes.toSorted((a, b) => a - b);
  return [
    `${requests} requests and ${responses} responses in ${Math.round((performance.now() - began) / 1000)} s`,
    `outcomes: ${[...outcomes].toSorted(([, a], [, b]) => b - a).map(([what, times]) => `${what} ${times}`).join(', ')}`,
    `probes: ${probes.length}, median ${sorted[sorted.length >> 1]?.toFixed(1)} ms, slowest ${sorted.at(-1)?.toFixed(1)} ms`,
    `memory: ${memory.map(({ warm, end }) => `${warm > 0 ? `${warm} MB warm, ` : ''}${end} MB at the end`).join('; ')}`,
    `failures: ${failures.length}`, ...failures, ...grown(result), '',
  ].join('\n');
}

function grown({ memory }: FuzzResult): string[] {
  return memory.filter(({ warm, end }) => warm > 0 && end > warm * 1.2).map(({ warm, end }) => `memory grew from ${warm} to ${end} MB`);
}
