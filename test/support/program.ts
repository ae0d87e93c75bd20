import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The gateway's command, running. */
export interface Program {
  readonly child: ChildProcess;
  /** Everything it has printed so far, both streams. */
  output(): string;
  /** Resolves to the first match in what it prints; rejects when it ends or 10 s pass without one. */
  says(pattern: RegExp): Promise<RegExpMatchArray>;
  stop(): Promise<void>;
}

/** Runs `gateway` with arguments. */
export function program(args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  const child = spawn(process.execPath, ['bin/gateway.js', ...args], { env: { ...process.env, NO_COLOR: '1', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return {
    child,
    output: () => text,
    says: (pattern) => new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(text);
        if (match) finish(() => resolve(match));
      };
      const fail = (): void => finish(() => reject(new Error(`it never said ${pattern}:\n${text}`)));
      const finish = (then: () => void): void => {
        clearTimeout(timer);
        child.stdout.off('data', look);
        child.stderr.off('data', look);
        child.off('exit', fail);
        then();
      };
      const timer = setTimeout(fail, 20_000);
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      child.once('exit', fail);
      look();
    }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
