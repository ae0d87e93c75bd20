import { constants } from 'node:os';
import type { Client } from './client.js';
import { nameOf, type RedisPlace } from './place.js';
import type { Script } from './script.js';

/** Is told, in words, that a Redis is lost or there again. */
export type Tell = (message: string) => void;

/** Milliseconds between two lines about what goes on failing. */
const TELL_EVERY_MS = 10_000;

/** Milliseconds between two connections to a server that takes no writes. */
const RENEW_EVERY_MS = 1000;

/** A script, the key that it runs on, and its arguments. */
type Command = readonly [script: Script, key: string, args: readonly (string | number)[]];

/** Scripts that are kept until Redis is there again. */
const MOST_OWED = 10_000;

/** What cannot be had of Redis now. */
export class RedisUnavailable extends Error {
  /** `unsure`: it may have been carried out all the same. */
  constructor(because: string, readonly unsure: boolean) {
    super(because);
  }
}

/**
 * One connection to a Redis. While it is lost, nothing waits for it: the first request that misses it waits for its
 * timeout at most, and the others not at all, until it is there again.
 */
export class RedisConnection {
  #client: Client | undefined;
  #state: 'new' | 'connecting' | 'up' | 'down' | 'closed' = 'new';
  #because = 'no connection';
  /** Wake those who wait for the first connection. */
  #waiting: (() => void)[] = [];
  #lostAt = 0;
  #toldAt = -Infinity;
  #lossTold = false;
  #missed = 0;
  /** What was to be carried out while Redis was lost. */
  #owed: Command[] = [];
  #renewedAt = -Infinity;

  constructor(private readonly place: RedisPlace, private readonly tell: Tell) {}

  /** Begins to connect, and from then on connects again whenever the connection is lost. */
  start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'connecting';
    void this.#connect();
  }

  async #connect(): Promise<void> {
    // loaded only where there is a Redis
    const { createClient } = await import('./client.js');
    if (this.#state === 'closed') return;
    const client = createClient(this.place);
    this.#client = client;
    client.on('ready', () => this.#found());
    client.on('close', () => this.#lost());
    // without a listener the process would end; what follows is a close
    client.on('error', (error: unknown) => { this.#because = causeOf(error); });
    // what fails here is told as an error and a close
    client.connect().catch(() => {});
  }

  /** Ends the connection; it cannot be used any more. */
  close(): void {
    this.#state = 'closed';
    this.#wake();
    this.#client?.disconnect();
  }

  /** Runs a script on a key. Rejects with `RedisUnavailable`, which was told. */
  async run(...script: Command): Promise<unknown> {
    try {
      return await this.#carryOut(script);
    } catch (error) {
      this.#missed++;
      this.#tellLoss();
      throw error;
    }
  }

  /** Runs a script whose answer nobody waits for, which may run twice: now, or when Redis is there again. */
  settle(...script: Command): void {
    this.#carryOut(script).catch(() => {
      if (this.#owed.length < MOST_OWED) this.#owed.push(script);
    });
  }

  async #carryOut(script: Command): Promise<unknown> {
    this.start();
    if (this.#state === 'connecting') await this.#settled();
    const client = this.#client;
    if (this.#state !== 'up' || !client) throw new RedisUnavailable(this.#because, false);
    try {
      const reply = await evaluate(client, ...script);
      if (this.#owed.length > 0) this.#settleAll();
      return reply;
    } catch (error) {
      this.#because = causeOf(error);
      if (this.#state === 'up' && this.#isStale()) this.#renew(client);
      throw new RedisUnavailable(this.#because, !(error instanceof Error && error.name === 'ReplyError'));
    }
  }

  #settleAll(): void {
    for (const script of this.#owed.splice(0)) this.settle(...script);
  }

  /**
   * Whether a new connection mends what went wrong: those behind a command without an answer wait for the same, and a
   * server that has become a replica keeps its connections, though what its name leads to now takes writes.
   */
  #isStale(): boolean {
    return this.#because === 'timeout' || (this.#because === 'READONLY' && performance.now() - this.#renewedAt > RENEW_EVERY_MS);
  }

  #renew(client: Client): void {
    this.#renewedAt = performance.now();
    this.#lost();
    client.disconnect(true);
  }

  /** Until the first connection is there, or cannot be had, or takes too long. */
  #settled(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#because = 'timeout';
        resolve();
      }, this.place.timeout);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #found(): void {
    if (this.#state === 'closed') return;
    this.#state = 'up';
    this.#wake();
    this.#settleAll();
    if (this.#lossTold) this.tell(`Redis at ${nameOf(this.place)} is there again, after ${((performance.now() - this.#lostAt) / 1000).toFixed(1)} s${this.#missed > 0 ? `; ${this.#missed} requests could not be counted` : ''}`);
    this.#lossTold = false;
    this.#missed = 0;
  }

  #lost(): void {
    if (this.#state === 'closed') return;
    if (this.#state !== 'down') this.#lostAt = performance.now();
    this.#state = 'down';
    this.#wake();
    this.#tellLoss();
  }

  #tellLoss(): void {
    const now = performance.now();
    if (this.#state === 'closed' || now - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = now;
    this.#lossTold = true;
    this.tell(`Redis at ${nameOf(this.place)} cannot be used (${this.#because})${this.#missed > 0 ? `; ${this.#missed} requests could not be counted` : ''}`);
  }
}

async function evaluate(client: Client, { sha, lua }: Script, key: string, args: readonly (string | number)[]): Promise<unknown> {
  try {
    return await client.evalsha(sha, 1, key, ...args);
  } catch (error) {
    // it was not carried out: this server has not seen it yet
    if (causeOf(error) === 'NOSCRIPT') return client.eval(lua, 1, key, ...args);
    throw error;
  }
}

/** What Redis begins its errors with. */
const CODES: ReadonlySet<string> = new Set([
  'ERR', 'NOAUTH', 'WRONGPASS', 'NOPERM', 'NOSCRIPT', 'NOREPLICAS', 'READONLY', 'LOADING', 'BUSY', 'OOM', 'MISCONF', 'MASTERDOWN', 'CLUSTERDOWN',
  'CROSSSLOT', 'MOVED', 'ASK', 'TRYAGAIN', 'UNKILLABLE', 'EXECABORT', 'WRONGTYPE', 'DENIED', 'NOPROTO', 'NOTREADY',
]);

/** What went wrong, in one word: the code of the system or of Redis. Never a text of Redis, which may repeat what was sent. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (/timed? ?out/i.test(error.message)) return 'timeout';
  const told = Array.from(error.message.matchAll(/\b[A-Z]{3,20}\b/g), ([word]) => word).find((word) => CODES.has(word) || Object.hasOwn(constants.errno, word));
  return told ?? (/closed/i.test(error.message) ? 'closed' : error.name);
}
