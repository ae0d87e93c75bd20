import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.js';
import { findProgram } from '../machine.js';
import { freePort } from '../ports.js';
import type { Peer } from './peer.js';

/** haproxy as a bare proxy with kept-alive upstream connections, in one thread. */
export const haproxy: Peer = {
  name: 'haproxy',
  async start({ processes, folder, upstream }: Bench) {
    const command = findProgram('haproxy');
    if (command === undefined) throw new Error('haproxy is not installed');
    const port = await freePort();
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(file, configuration(port, upstream));
    return processes.serve({ command, args: ['-db', '-f', file], ready: port });
  },
};

const configuration = (port: number, upstream: number): string => `global
  nbthread 1
  maxconn 1000
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend front
  bind 127.0.0.1:${port}
  default_backend back
backend back
  server upstream 127.0.0.1:${upstream}
`;
