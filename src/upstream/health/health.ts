import type { UpstreamFault } from '../../http1/index.js';
import type { ActiveChecks, Checks } from '../../schema/checks.js';
import type { TellUpstream } from '../events.js';
import type { Gate } from './gate.js';
import type { Outcome, Probe } from './probe.js';

/** What of a node counts against it, each by itself. */
type Failure = 'http' | 'tcp' | 'timeout';

/** What a NodeHealth stands on. */
export interface HealthContext {
  /** `upstream/orders`, and the node's address: for those who are told. */
  readonly upstream: string;
  readonly node: string;
  readonly checks: Checks;
  readonly probe: Probe;
  /** Lets so many probes of an upstream run at a time. */
  readonly gate: Gate;
  readonly tell: TellUpstream;
}

/**
 * Whether a node is healthy, by what it answers to probes and to requests. A node begins healthy. Outlives a reload
 * that leaves its checks as they are.
 */
export class NodeHealth {
  #up = true;
  #since = new Date();
  #successes = 0;
  readonly #failures: Record<Failure, number> = { http: 0, tcp: 0, timeout: 0 };
  readonly #listeners = new Set<() => void>();
  #running = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly context: HealthContext) {}

  get up(): boolean {
    return this.#up;
  }

  /** Since when it is so. */
  get since(): Date {
    return this.#since;
  }

  /** What has been counted since the last change or the last of the other kind. */
  get counters(): { readonly successes: number; readonly http_failures: number; readonly tcp_failures: number; readonly timeouts: number } {
    const { http, tcp, timeout } = this.#failures;
    return { successes: this.#successes, http_failures: http, tcp_failures: tcp, timeouts: timeout };
  }

  /** Calls back when the node becomes healthy or unhealthy; returns how to end that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Begins to probe. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#check();
  }

  close(): void {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  /** Takes in the status of an answer to a client. */
  answered(status: number): void {
    const { passive } = this.context.checks;
    if (passive && passive.type !== 'tcp') this.#status(status, passive, 'request');
  }

  /** Takes in that an exchange of a client failed. */
  failed({ kind }: UpstreamFault): void {
    const { passive } = this.context.checks;
    if (passive) this.#fail(kind.endsWith('timeout') ? 'timeout' : 'tcp', passive, 'request');
  }

  async #check(): Promise<void> {
    const { checks: { active }, gate, probe } = this.context;
    const outcome = await gate.run(() => (this.#running ? probe() : NOBODY_ASKS));
    if (!this.#running) return;
    this.#probed(outcome, active);
    const { interval } = this.#up ? active.healthy : active.unhealthy;
    this.#timer = setTimeout(() => void this.#check(), interval * 1000).unref();
  }

  #probed(outcome: Outcome, active: ActiveChecks): void {
    if (outcome === 'connected') this.#succeed(active, 'probe');
    else if (typeof outcome === 'number') this.#status(outcome, active, 'probe');
    else this.#fail(outcome, active, 'probe');
  }

  #status(status: number, rules: Rules, of: string): void {
    if (rules.healthy.http_statuses.includes(status)) this.#succeed(rules, of);
    else if (rules.unhealthy.http_statuses.includes(status)) this.#fail('http', rules, of);
  }

  #succeed({ healthy: { successes } }: Rules, of: string): void {
    this.#failures.http = this.#failures.tcp = this.#failures.timeout = 0;
    if (this.#up || successes === 0) return;
    if (++this.#successes >= successes) this.#turn(true, counted('success', this.#successes, of));
  }

  #fail(kind: Failure, { unhealthy }: Rules, of: string): void {
    this.#successes = 0;
    if (!this.#up) return;
    const limit = { http: unhealthy.http_failures, tcp: unhealthy.tcp_failures, timeout: unhealthy.timeouts }[kind];
    const count = ++this.#failures[kind];
    if (limit > 0 && count >= limit) this.#turn(false, counted(WORDS[kind], count, of));
  }

  #turn(up: boolean, because: string): void {
    const { upstream, node, tell } = this.context;
    this.#up = up;
    this.#since = new Date();
    this.#successes = this.#failures.http = this.#failures.tcp = this.#failures.timeout = 0;
    tell({ type: 'health', upstream, node, healthy: up, because });
    for (const listener of [...this.#listeners]) listener();
  }
}

const NOBODY_ASKS: Promise<Outcome> = Promise.resolve('tcp');

/** What active and passive checks have in common. */
interface Rules {
  readonly healthy: { readonly http_statuses: readonly number[]; readonly successes: number };
  readonly unhealthy: { readonly http_statuses: readonly number[]; readonly http_failures: number; readonly tcp_failures: number; readonly timeouts: number };
}

const WORDS: Readonly<Record<Failure, string>> = { http: 'bad status', tcp: 'no connection', timeout: 'no answer in time' };

const counted = (what: string, count: number, of: string): string => `${what}: ${count} ${of}${count === 1 ? '' : 's'}`;
