import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { Closing } from './gateway.js';

const installed = spawnSync('redis-server', ['--version']).status === 0;

/** Why tests with a real Redis do not run here, if so. Where everything must be tested, it is no reason. */
export const withoutRedis: string | false = installed || process.env['CI'] === 'true' || process.env['GATEWAY_TEST_ALL'] === '1' ? false : 'redis-server is not installed: apt-get install redis-server';

/** A Redis of a test's own, which keeps nothing on disk. */
export interface TestRedis {
  readonly port: number;
  /** Ends it; what it held is gone. */
  stop(): Promise<void>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
  /** Lets it do nothing, without ending it. */
  freeze(): void;
  thaw(): void;
}

/** Starts a Redis on a free port; it ends after the test. */
export async function startRedis(scope: Closing, args: readonly string[] = [], mode: readonly string[] = []): Promise<TestRedis> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  const redis: TestRedis = {
    port,
    async start() {
      child = spawn('redis-server', [...mode, '--port', String(port), '--bind', '127.0.0.1', ...(mode.length === 0 ? ['--save', '', '--appendonly', 'no'] : []), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
      const { stdout } = child;
      if (!stdout) throw new Error('it has no output');
      await new Promise<void>((resolve, reject) => {
        createInterface({ input: stdout }).on('line', (line) => void (/Ready to accept connections|monitor master/i.test(line) && resolve())).on('close', () => reject(new Error('redis-server ended')));
      });
    },
    async stop() {
      const ending = child;
      child = undefined;
      if (!ending || ending.exitCode !== null) return;
      const closed = once(ending, 'exit');
      ending.kill('SIGCONT');
      ending.kill('SIGKILL');
      await closed;
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  };
  scope.after(() => redis.stop());
  await redis.start();
  return redis;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
