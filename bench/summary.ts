import type { Measured, Sample } from './measure.js';

/** A row of a table: medians over the rounds. */
export interface Row extends Sample {
  readonly name: string;
  /** The CPU time as a multiple of each baseline's in the same round, in the order of the baselines. */
  readonly ratios: readonly number[];
}

/** Sums up a measured case. */
export function summarise({ rows, baselines }: Measured): Row[] {
  const samplesOf = (name: string): readonly Sample[] => rows.find((row) => row.name === name)?.samples ?? [];
  return rows.map(({ name, samples }) => ({
    name,
    ...medians(samples),
    // round by round: what slows a round down slows both
    ratios: baselines.map((baseline) => median(pairs(samples, samplesOf(baseline)).map(([own, other]) => own.cpu / other.cpu))),
  }));
}

/** The middle one of some numbers; of an even count the mean of the two in the middle. NaN when there is none. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? NaN) + (sorted[Math.floor(half)] ?? NaN)) / 2;
}

function medians(samples: readonly Sample[]): Sample {
  const of = (field: keyof Sample): number => median(samples.map((sample) => sample[field]));
  return { cpu: of('cpu'), perSecond: of('perSecond'), p50: of('p50'), p99: of('p99'), rss: of('rss') };
}

function pairs(left: readonly Sample[], right: readonly Sample[]): [Sample, Sample][] {
  return left.flatMap((sample, round): [Sample, Sample][] => {
    const other = right[round];
    return other ? [[sample, other]] : [];
  });
}
