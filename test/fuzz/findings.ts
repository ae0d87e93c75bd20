/** What a run counts and finds. */
export class Findings {
  requests = 0;
  responses = 0;
  /** Answers by status, and connections that were closed without one. */
  readonly outcomes = new Map<string, number>();
  readonly failures: string[] = [];
  /** Milliseconds that probes took. */
  readonly probes: number[] = [];

  count(outcome: string): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
  }

  /** `bytes` are what led to it, so that it can be repeated. */
  fail(what: string, bytes: string): void {
    if (this.failures.length < 20) this.failures.push(`${what}: ${JSON.stringify(bytes.slice(0, 4000))}`);
  }
}
