import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.js';
import { findProgram } from '../machine.js';
import { freePort } from '../ports.js';
import type { Peer } from './peer.js';

/** nginx as a bare proxy with kept-alive upstream connections, in one process. */
export const nginx: Peer = {
  name: 'nginx',
  async start({ processes, folder, upstream }: Bench) {
    const command = findProgram('nginx');
    if (command === undefined) throw new Error('nginx is not installed');
    const port = await freePort();
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, configuration(folder, port, upstream));
    return processes.serve({ command, args: ['-p', folder, '-c', file, '-e', 'stderr'], ready: port });
  },
};

/** Nothing is logged, and no response goes through a file: 64 KiB do not fit into the buffers that nginx has by default. */
function configuration(folder: string, port: number, upstream: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${folder}/nginx-${name};`);
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
${temporary.join('\n')}
  access_log off;
  keepalive_requests 1000000000;
  proxy_buffers 32 4k;
  upstream upstream {
    server 127.0.0.1:${upstream};
    keepalive 128;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://upstream;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
    }
  }
}
`;
}
