/** Milliseconds between two lines about the same thing. */
const QUIET = 60_000;
/** Things that are told apart; beyond that all are told anew. */
const MOST = 1000;

/** Has things told at once, and then at most once a minute each; with how often they came in between, in words. */
export function quiet(now: () => number = () => performance.now()): (key: string, tell: (more: string) => void) => void {
  const told = new Map<string, { at: number; since: number }>();
  return (key, tell) => {
    const before = told.get(key);
    if (before && now() - before.at < QUIET) {
      before.since++;
      return;
    }
    if (told.size >= MOST) told.clear();
    told.set(key, { at: now(), since: 0 });
    tell(before && before.since > 0 ? `, as it did ${before.since} times since that was told` : '');
  };
}
