/** What came of one part of the run against one server. */
export interface Outcome {
  readonly cases: number;
  /** Cases that reached the server. */
  readonly forwarded: number;
  /** What was wrong, in words. */
  readonly findings: readonly string[];
}
