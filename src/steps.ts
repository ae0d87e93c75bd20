/** Work that yields wherever it may be interrupted, and returns its result: one text, run at once or in slices. */
export type Steps<T> = Generator<undefined, T, void>;

/** Items between two interruptions: each has to pass through all that waits for it, and takes as long as a small item. */
const STRIDE = 8;

/** Maps a list, with an interruption allowed after every few items. */
export function* each<T, R>(items: Iterable<T>, map: (item: T, index: number) => R): Steps<R[]> {
  const results: R[] = [];
  for (const item of items) {
    results.push(map(item, results.length));
    if (results.length % STRIDE === 0) yield;
  }
  return results;
}

/** Does all of the work, without interruption. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** How long a slice of work may keep everything else waiting, in milliseconds. */
const SLICE_MS = 2;

/** Does the work in slices, between which everything else has its turn. */
export async function inSlices<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const until = performance.now() + SLICE_MS;
    do {
      const { done, value } = steps.next();
      if (done) return value;
    } while (performance.now() < until);
    await new Promise(setImmediate);
  }
}
