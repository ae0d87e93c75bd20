import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../bin/gateway.js', import.meta.url));

/** A line of the program's JSON log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** What a program that ended left behind. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run the program. */
export interface RunOptions {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The most files and sockets that it may have open. */
  readonly descriptors?: number;
  /** Milliseconds that a start may take (20,000), or a run to its end (30,000). */
  readonly within?: number;
}

/** Runs the program to its end. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const program = new Program(args, options);
  try {
    // a machine that is busy with other things takes its time
    return await program.ended(options.within ?? 30_000);
  } finally {
    await program.kill();
  }
}

/** A directory of a test's own; `remove` takes it away. */
export async function workspace(): Promise<{ readonly dir: string; path(name: string): string; remove(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'gateway-test-'));
  return { dir, path: (name) => join(dir, name), remove: () => rm(dir, { recursive: true, force: true }) };
}

/** Starts a gateway on free ports and waits until it serves. */
export async function startGateway(file: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Running> {
  const program = new Program(['start', '-c', file, '--admin', '127.0.0.1:0', '--log-format', 'json', ...args], options);
  try {
    const line = await program.line((l) => l.msg.startsWith('serving '), { within: options.within ?? 20_000 });
    const urls = line['urls'] as readonly string[];
    return new Running(program, urls, line['admin'] as string | undefined);
  } catch (error) {
    await program.kill();
    throw error;
  }
}

/** The program as a child process. Its output is read at all times, so that it never waits for us. */
export class Program {
  readonly child: ChildProcess;
  readonly lines: LogLine[] = [];
  readonly started = performance.now();
  #stdout = '';
  #stderr = '';
  readonly #closed: Promise<unknown>;
  #news: (() => void)[] = [];
  #over = false;

  constructor(args: readonly string[], { input, env, descriptors }: RunOptions) {
    const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
    const [command, ...before] = descriptors === undefined ? [process.execPath] : ['/bin/sh', '-c', `ulimit -n ${descriptors} && exec "$0" "$@"`, process.execPath];
    this.child = spawn(command ?? '', [...before, PROGRAM, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...inherited, ...env } });
    this.child.stdin?.on('error', () => {}).end(input ?? '');
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => { this.#stdout += text; });
    if (this.child.stderr) createInterface({ input: this.child.stderr }).on('line', (text) => this.#read(text));
    this.#closed = once(this.child, 'close').then(() => {
      this.#over = true;
      this.#wake();
    });
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The first log line from number `from` on that is what was asked for, as soon as it is there. */
  async line(wanted: (line: LogLine) => boolean, { from = 0, within = 15_000 } = {}): Promise<LogLine> {
    const end = performance.now() + within;
    for (let next = from; ;) {
      for (; next < this.lines.length; next++) {
        const line = this.lines[next];
        if (line && wanted(line)) return line;
      }
      const left = end - performance.now();
      if (this.#over || left <= 0) throw new Error(`${this.#over ? 'the program ended' : 'no such line came'}; it wrote:\n${this.#stderr}`);
      await this.#change(left);
    }
  }

  /** How it ended; fails when it does not within the time. */
  async ended(within: number): Promise<Ended> {
    const end = performance.now() + within;
    while (!this.#over) {
      const left = end - performance.now();
      if (left <= 0) throw new Error(`the program did not end; it wrote:\n${this.#stderr}`);
      await this.#change(left);
    }
    return { code: this.child.exitCode, signal: this.child.signalCode, stdout: this.#stdout, stderr: this.#stderr };
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async kill(): Promise<void> {
    if (!this.#over) this.child.kill('SIGKILL');
    await this.#closed;
  }

  #read(text: string): void {
    this.#stderr += `${text}\n`;
    if (text.startsWith('{')) this.lines.push(JSON.parse(text) as LogLine);
    this.#wake();
  }

  #wake(): void {
    for (const tell of this.#news.splice(0)) tell();
  }

  async #change(within: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#news.push(resolve);
      timer = setTimeout(resolve, within);
    });
    clearTimeout(timer);
  }
}

/** A gateway that serves. */
export class Running {
  constructor(readonly program: Program, readonly urls: readonly string[], readonly admin: string | undefined) {}

  get url(): string {
    return this.urls[0] ?? '';
  }

  /** The body of `/status`. */
  async status(): Promise<Status> {
    const response = await fetch(`${this.admin}/status`);
    return await response.json() as Status;
  }

  async ready(): Promise<number> {
    const response = await fetch(`${this.admin}/status/ready`);
    await response.text();
    return response.status;
  }

  /** The line that tells of an attempt to apply the file, after what is done now. */
  async outcome(act: () => Promise<void> | void, wanted: RegExp = / applied: | refused, /, within = 15_000): Promise<LogLine> {
    const from = this.program.lines.length;
    await act();
    return this.program.line((line) => wanted.test(line.msg), { from, within });
  }

  kill(): Promise<void> {
    return this.program.kill();
  }
}

/** What of `/status` tests look at. */
export interface Status {
  readonly generation: number;
  readonly hash: string;
  readonly in_sync: boolean;
  readonly stale_because: readonly string[];
  readonly last_reload: { readonly outcome: string; readonly diagnostics: readonly { readonly line: number; readonly column: number }[] };
  readonly in_flight: readonly { readonly generation: number; readonly requests: number }[];
  readonly retired_generations: number;
  readonly tunnels: number;
  readonly restart_needed: readonly string[];
  readonly errors: number;
}
