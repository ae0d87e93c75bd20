import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway, type LogLine } from '../support/cli.js';

/** The gateway's program, running before one server. */
export interface Front {
  readonly pid: number;
  readonly port: number;
  /** What it says it forwarded, in order, once it has nothing more to say. */
  forwarded(): Promise<readonly Forwarded[]>;
  kill(): Promise<void>;
  /** Throws when it met a bug, or ended by itself. */
  check(): void;
}

/** A request that the gateway logged as sent to its node. */
export interface Forwarded {
  readonly method: string;
  /** Canonical, still encoded. */
  readonly path: string;
  readonly status: number;
}

/** Starts the gateway with its routes to one port, and one kept connection. */
export async function startFront(folder: string, routes: readonly string[], port: number): Promise<Front> {
  const file = join(folder, 'gateway.yaml');
  await writeFile(file, `gateway: {listen: "127.0.0.1:0", access_log: true}
routes:
${routes.map((route, i) => `  - {id: r${i}, upstream_id: up, ${route}}`).join('\n')}
upstreams: [{id: up, nodes: {"127.0.0.1:${port}": 1}, keepalive_pool: {size: 1, requests: 100000}}]
consumers: [{username: tom, plugins: {key-auth: {key: k}}}]
#END
`);
  const { program, url } = await startGateway(file);
  const end = (): void => void program.child.kill('SIGKILL');
  process.once('exit', end);
  return {
    pid: program.child.pid ?? 0,
    port: Number(new URL(url).port),
    async forwarded() {
      // an exchange is logged when it ends; those that clients have left end at once
      for (let seen = -1; seen !== program.lines.length; await sleep(300)) seen = program.lines.length;
      return program.lines.filter((line) => line['node'] !== undefined).map(entry);
    },
    kill: () => program.kill().finally(() => process.off('exit', end)),
    check() {
      if (program.child.signalCode !== 'SIGKILL') throw new Error(`the gateway ended: ${program.stderr.slice(-1000)}`);
      const bug = program.lines.find((line) => line.level === 'error' || line.level === 'fatal');
      if (bug) throw new Error(`the gateway met a bug: ${JSON.stringify(bug)}`);
    },
  };
}

function entry(line: LogLine): Forwarded {
  return { method: String(line['method']), path: String(line['path']), status: Number(line['status']) };
}
