import { truncate, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Meter, producedBy } from './meter.js';
import { pull, push, readSlowly, sendMuch } from './peers.js';
import type { Front } from './gateway.js';

const MB = 2 ** 20;
export const TOTAL = 500 * MB;
/** Bytes a second that the slow side takes: 64 KiB each 5 ms. */
const RATE = 64 * 1024 * 200;
/** The gateway may grow by so much, and the fast side be ahead by so much. */
const GROWTH = 64 * MB;
const AHEAD = 32 * MB;

/** What each slow peer may ask for. */
export const BULK_ROUTES: readonly string[] = ['uri: /big', 'uri: /up/*', 'uri: /public/*'];

/** Figures of one transfer, in bytes and seconds. */
export interface Transfer {
  readonly name: string;
  readonly seconds: number;
  readonly growth: number;
  readonly ahead: number;
  readonly findings: readonly string[];
}

/** Writes the file that servers of files send; it takes no room on the disk. */
export async function writeBig(docs: string): Promise<void> {
  await writeFile(join(docs, 'big'), '');
  await truncate(join(docs, 'big'), TOTAL);
}

/** The slow consumer and the fast producer at the far side, for node:http. */
export class FarSide {
  consumed = 0;
  produced = 0;
  readonly serve = (req: IncomingMessage, res: ServerResponse): void => {
    if (req.method === 'GET' && req.url === '/big') sendMuch(res, TOTAL, (sent) => (this.produced = sent));
    else if (req.method === 'GET') res.end('small');
    else readSlowly(req, RATE, (taken) => (this.consumed = taken), () => res.end(String(this.consumed)));
  };
}

/** Downloads slowly. `pid` tells whose output is counted; without one, the far side counts itself. */
export async function download(name: string, front: Front, far: FarSide, pid: number | undefined, deadline: number): Promise<Transfer> {
  const before = pid === undefined ? 0 : producedBy(pid);
  let taken = 0;
  const produced = (): number => (pid === undefined ? far.produced : producedBy(pid) - before);
  return measured(name, front, () => produced() - taken, async () => {
    const all = await pull(front.port, RATE, (bytes) => (taken = bytes), deadline);
    return all === TOTAL ? [] : [`${all} bytes came`];
  });
}

/** Uploads to a far side that reads slowly. */
export async function upload(name: string, front: Front, far: FarSide, deadline: number): Promise<Transfer> {
  let sent = 0;
  return measured(name, front, () => sent - far.consumed, async () => {
    const answer = await push(front.port, TOTAL, (bytes) => (sent = bytes), deadline);
    return answer === String(TOTAL) ? [] : [`the answer was ${answer.slice(0, 200)}`];
  });
}

async function measured(name: string, front: Front, ahead: () => number, transfer: () => Promise<string[]>): Promise<Transfer> {
  await warm(front);
  const start = performance.now();
  const meter = new Meter(front.pid, ahead);
  const findings = await transfer().catch((error: unknown) => [String(error)]);
  meter.stop();
  if (meter.growth >= GROWTH) findings.push(`the gateway grew by ${inMB(meter.growth)}`);
  if (meter.ahead >= AHEAD) findings.push(`the fast side was ${inMB(meter.ahead)} ahead`);
  return { name, seconds: (performance.now() - start) / 1000, growth: meter.growth, ahead: meter.ahead, findings: findings.map((text) => `${name}: ${text}`) };
}

/** So that the memory of the first requests is not counted. */
async function warm({ port }: Front): Promise<void> {
  for (let i = 0; i < 200; i++) await (await fetch(`http://127.0.0.1:${port}/public/a`)).text();
}

/** Bytes for people. */
export const inMB = (bytes: number): string => `${(bytes / MB).toFixed(1)} MB`;
