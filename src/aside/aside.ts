import { Worker } from 'node:worker_threads';
import type { Environment } from '../config/placeholders.js';
import type { Job, Verdict } from './verdict.js';

/** What limits the thread. */
export interface AsideLimits {
  /** Milliseconds that a content may take, besides `perMegabyte`. */
  readonly base: number;
  readonly perMegabyte: number;
  /** Milliseconds without work after which the thread ends, or another takes its place. */
  readonly idle: number;
}

/** A configuration in its usual form takes 0.1 s per megabyte, and ten times that where it has to be parsed in full; on a busy machine, a multiple. Nobody waits for it but its author. */
const LIMITS: AsideLimits = { base: 60_000, perMegabyte: 5000, idle: 10_000 };
const MEGABYTES_OF_HEAP = 2048;

/** Judges contents in a thread of its own, so that no content, however large or hostile, keeps those waiting who are served. */
export class Aside {
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #keeps = false;

  constructor(private readonly env: Environment, private readonly limits: AsideLimits = LIMITS, private readonly start: (env: Environment) => Worker = startWorker) {}

  /** Has a thread ready from now on, so that no content waits for one to start. */
  keepReady(): void {
    this.#keeps = true;
    this.#worker ??= this.#begin();
  }

  /** One at a time. Rejects when there is a bug of ours. */
  async judge(job: Job): Promise<Verdict> {
    clearTimeout(this.#idle);
    const worker = this.#worker ??= this.#begin();
    const { base, perMegabyte, idle } = this.limits;
    try {
      const verdict = await answer(worker, job, base + (perMegabyte * (job.before.length + job.after.length)) / 2e6);
      this.#idle = setTimeout(() => this.#renew(), idle).unref();
      return verdict;
    } catch (error) {
      this.#renew();
      if (error instanceof TooCostly) return tooCostly(job, error.message);
      throw error;
    }
  }

  #begin(): Worker {
    const worker = this.start(this.env);
    // who waits for a verdict must not be kept from ending
    worker.unref();
    // one that ends between two contents, for whatever reason, is no answer to the next
    const forget = (): void => {
      if (this.#worker === worker) this.#worker = undefined;
    };
    return worker.on('error', forget).on('exit', forget);
  }

  /** Gives back what the contents so far left in the memory of the thread. */
  #renew(): void {
    this.close();
    if (this.#keeps) this.#worker = this.#begin();
  }

  /** Ends the thread; the next content starts another. */
  close(): void {
    clearTimeout(this.#idle);
    void this.#worker?.terminate();
    this.#worker = undefined;
  }
}

function startWorker(env: Environment): Worker {
  return new Worker(new URL('worker.js', import.meta.url), { workerData: { ...env }, resourceLimits: { maxOldGenerationSizeMb: MEGABYTES_OF_HEAP } });
}

class TooCostly extends Error {}

function answer(worker: Worker, job: Job, milliseconds: number): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => reject(new TooCostly(`longer than ${Math.round(milliseconds / 1000)} s`))), milliseconds);
    const onMessage = (verdict: Verdict): void => settle(() => resolve(verdict));
    const onError = (error: unknown): void => settle(() => reject(isOutOfMemory(error) ? new TooCostly('more memory than it is given') : error));
    const onExit = (): void => onError(new Error('the thread ended without a verdict'));
    const settle = (then: () => void): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      then();
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(job);
  });
}

const isOutOfMemory = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

function tooCostly({ file }: Job, what: string): Verdict {
  return {
    hash: undefined, changes: [], config: undefined, listed: [],
    diagnostics: [{ code: 'file-too-costly', severity: 'error', path: [], message: `to read ${file} takes ${what}`, hint: 'is it a configuration? anchors, block texts and unusual quoting take longest' }],
  };
}
