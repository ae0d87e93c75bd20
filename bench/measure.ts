import type { Bench } from './bench.js';
import type { Case, Contestant } from './cases.js';
import { usageOf } from './cpu.js';
import { load } from './load.js';
import type { Server } from './processes.js';
import { check } from './request.js';

/** One measurement of one contestant. */
export interface Sample {
  /** Microseconds of user and system time per request. */
  readonly cpu: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Bytes, right after the load. */
  readonly rss: number;
}

/** A case, measured. */
export interface Measured {
  readonly name: string;
  readonly baselines: readonly string[];
  /** The samples of a contestant, round by round; rounds of one index were measured together. */
  readonly rows: readonly { readonly name: string; readonly samples: readonly Sample[] }[];
  /** Who could not take part, and why. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/** How long and how often. */
export interface Effort {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUp: number;
}

interface Entry {
  readonly contestant: Contestant;
  readonly server: Server;
  readonly samples: Sample[];
}

/** Measures a case: every contestant has its turn in every round, after one round that only warms up. */
export async function measure(bench: Bench, { name, baselines, contestants }: Case, { rounds, seconds, warmUp }: Effort): Promise<Measured> {
  const skipped = new Map<string, string>();
  const skip = (who: string, error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error);
    bench.note(`${name}: ${who} is left out: ${reason}`);
    skipped.set(who, reason);
  };
  const entries = await enterAll(bench, contestants, skip);
  for (let round = 0; round <= rounds; round++) {
    bench.note(`${name}: ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}`);
    for (const { contestant, server, samples } of entries.filter((entry) => !skipped.has(entry.contestant.name))) {
      try {
        const sample = await take(bench, contestant, server, round === 0 ? warmUp : seconds);
        if (round > 0) samples.push(sample);
      } catch (error) {
        skip(contestant.name, error);
      }
    }
  }
  for (const server of new Set(entries.map((entry) => entry.server))) await server.stop();
  const rows = entries.map(({ contestant, samples }) => ({ name: contestant.name, samples })).filter((row) => !skipped.has(row.name));
  return { name, baselines, rows, skipped: [...skipped].map(([who, reason]) => ({ name: who, reason })) };
}

/** Starts what is measured, one after the other, and sees that each answers as it should. */
async function enterAll(bench: Bench, contestants: readonly Contestant[], skip: (who: string, error: unknown) => void): Promise<Entry[]> {
  const servers = new Map<unknown, Server>();
  const entries: Entry[] = [];
  for (const contestant of contestants) {
    const { peer, request } = contestant;
    try {
      const server = servers.get(peer) ?? await peer.start(bench);
      servers.set(peer, server);
      entries.push({ contestant, server, samples: [] });
      await check(server.port, request);
    } catch (error) {
      skip(contestant.name, error);
    }
  }
  return entries;
}

async function take(bench: Bench, { request }: Contestant, { pid, port }: Server, seconds: number): Promise<Sample> {
  const before = usageOf(pid);
  const { requests, perSecond, p50, p99, refused, errors } = await load(bench, port, request, seconds);
  const after = usageOf(pid);
  if (requests === 0) throw new Error('it served nothing');
  if (errors > 0) throw new Error(`${errors} errors on connections`);
  if (refused !== (request.status >= 400 ? requests : 0)) throw new Error(`${refused} of ${requests} responses are of another status`);
  return { cpu: (after.cpu - before.cpu) / requests, perSecond, p50, p99, rss: after.rss };
}
