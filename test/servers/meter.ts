import { readFileSync } from 'node:fs';

/** Samples how much memory a process holds, and how far a producer is ahead, until it is stopped. */
export class Meter {
  growth = 0;
  ahead = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number, ahead: () => number) {
    const first = residentOf(pid);
    this.#timer = setInterval(() => {
      this.growth = Math.max(this.growth, residentOf(pid) - first);
      this.ahead = Math.max(this.ahead, ahead());
    }, 50);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Bytes that a process has in memory. */
export function residentOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

/** Bytes that a process has written so far, to sockets as well. */
export function producedBy(pid: number): number {
  return Number(/^wchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1] ?? 0);
}
