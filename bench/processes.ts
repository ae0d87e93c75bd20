import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { treeOf } from './cpu.js';
import { accepts } from './ports.js';

/** How a program is started and when it counts as ready. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** Matches the output of a server that is ready, its first group being the port; or the port, of a server that does not say so. */
  readonly ready: RegExp | number;
  /** Milliseconds that it is given to become so. */
  readonly timeout?: number;
}

/** A server that runs. */
export interface Server {
  readonly pid: number;
  readonly port: number;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Every process of a run: each is pinned to one core, bounded in time, and gone at the end. */
export class Processes {
  readonly #running = new Set<ChildProcess>();

  /** Without a core nothing is pinned. */
  constructor(readonly core: number | undefined) {}

  /** Starts a server, and resolves when it is ready. */
  async serve({ command, args, ready, timeout = 20_000 }: Launch): Promise<Server> {
    const child = this.#spawn(command, args);
    let output = '';
    const port = new Promise<number>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => {
          // what a server says later is read and forgotten: a full pipe would stop it
          if (output.length < 10_000) output += text;
          const match = typeof ready === 'number' ? null : ready.exec(output);
          if (match) resolve(Number(match[1]));
        });
      }
      if (typeof ready === 'number') void accepts(ready, timeout).then((yes) => yes && resolve(ready));
    });
    const failure = once(child, 'exit').then(() => `it ended: ${output.trim().slice(-300)}`);
    const first = await Promise.race([port, failure, after(timeout, `it was not ready after ${timeout / 1000} s`)]);
    if (typeof first === 'number') return { pid: child.pid ?? 0, port: first, stop: () => this.#stop(child) };
    await this.#stop(child);
    throw new Error(first);
  }

  /** Runs a program to its end, and resolves to its output; throws when it fails or takes longer. */
  async run(command: string, args: readonly string[], timeout: number): Promise<string> {
    const child = this.#spawn(command, args);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
    const closed = once(child, 'close').then(() => child.exitCode);
    const code = await Promise.race([closed, after(timeout, 'late')]);
    await this.#stop(child);
    if (code === 0) return output;
    throw new Error(code === 'late' ? `it took longer than ${timeout / 1000} s` : `it failed: ${output.trim().slice(-300)}`);
  }

  /** Kills all that still runs, at once. */
  kill(): void {
    for (const child of this.#running) for (const pid of treeOf(child.pid ?? 0).toReversed()) end(pid, 'SIGKILL');
    this.#running.clear();
  }

  #spawn(command: string, args: readonly string[]): ChildProcess {
    const [file, ...rest] = this.core === undefined ? [command, ...args] : ['taskset', '-c', String(this.core), command, ...args];
    const child = spawn(file ?? command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#running.add(child);
    for (const event of ['exit', 'error']) child.once(event, () => this.#running.delete(child));
    return child;
  }

  async #stop(child: ChildProcess): Promise<void> {
    if (!this.#running.has(child) || child.pid === undefined) return;
    const tree = treeOf(child.pid);
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    if (await Promise.race([gone, after(3000, 'late')]) === 'late') for (const pid of tree.toReversed()) end(pid, 'SIGKILL');
    await gone;
  }
}

/** Resolves to a value after a time, without keeping the process for it. */
function after<T>(milliseconds: number, value: T): Promise<T> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds, value).unref());
}

function end(pid: number, signal: NodeJS.Signals): void {
  if (pid <= 0) return;
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended meanwhile
  }
}
