import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from '../../bench/machine.js';
import { freePort } from '../../bench/ports.js';
import { type Kind, readLog, type Running, type Setting } from './kinds.js';

/** haproxy before node:http. */
export const haproxy: Kind = { name: 'haproxy → node', program: 'haproxy', proxies: true, start: startHaproxy };

async function startHaproxy({ processes, folder, backend }: Setting): Promise<Running> {
  const port = await freePort();
  const file = join(folder, 'haproxy.cfg');
  await writeFile(file, configuration(port, backend));
  // it logs to a socket or to its output; a shell lends it a file
  const server = await processes.serve({ command: 'sh', args: ['-c', 'exec "$0" -db -f "$1" > "$2"', findProgram('haproxy') ?? '', file, join(folder, 'access.log')], ready: port });
  return {
    pid: server.pid,
    port,
    async stop() {
      await server.stop();
      return readLog(await readFile(join(folder, 'access.log'), 'latin1'), unescapeJson);
    },
  };
}

function unescapeJson(field: string): string {
  return JSON.parse(`"${field}"`) as string;
}

function configuration(port: number, backend: number): string {
  return `global
  log stdout format raw local0
  maxconn 256
defaults
  mode http
  log global
  option dontlognull
  option http-keep-alive
  http-reuse always
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout http-keep-alive 60s
frontend front
  bind 127.0.0.1:${port}
  http-request set-var(txn.id) req.hdr(x-case)
  http-request set-var(txn.target) capture.req.uri
  http-request set-var(txn.path) path,url_dec
  log-format "%[var(txn.id)] %HM %[var(txn.target),json]\\t%[var(txn.path),json]"
  default_backend back
backend back
  server node 127.0.0.1:${backend}
`;
}
