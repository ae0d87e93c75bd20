import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from '../../bench/machine.js';
import { freePort } from '../../bench/ports.js';
import type { Kind, Logged, Running, Setting } from './kinds.js';

/** nginx with static files. */
export const nginx: Kind = { name: 'nginx', program: 'nginx', proxies: false, start: (setting) => startNginx(setting, FILES) };

/** nginx before node:http. */
export const nginxProxy: Kind = { name: 'nginx → node', program: 'nginx', proxies: true, start: (setting) => startNginx(setting, proxied) };

type Locations = (setting: Setting) => string;

const FILES: Locations = ({ docs }) => `
    root ${docs};
    location /admin { return 200 "SECRET"; }
    location /outer/ { return 200 "outer"; }
    location /victim/ { return 200 "$uri"; }
    location /up/ { proxy_pass http://backend; proxy_request_buffering off; client_max_body_size 0; }`;
const proxied: Locations = () => `
    location / { proxy_pass http://backend; }`;

async function startNginx(setting: Setting, locations: Locations): Promise<Running> {
  const { processes, folder } = setting;
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  await writeFile(file, configuration(setting, port, locations(setting)));
  const server = await processes.serve({ command: findProgram('nginx') ?? '', args: ['-p', folder, '-c', file, '-e', join(folder, 'error.log')], ready: port });
  return {
    pid: server.pid,
    port,
    async stop() {
      await server.stop();
      return (await readFile(join(folder, 'access.log'), 'latin1')).split('\n').filter((line) => line !== '').map(logged);
    },
  };
}

function logged(line: string): Logged {
  const { id, method, target, path } = JSON.parse(line) as Record<string, string>;
  return { id: id || '-', method: method ?? '', target: target ?? '', path };
}

/** One process, so that its input and output can be told; without sendfile, or they would not count. */
function configuration({ folder, backend }: Setting, port: number, locations: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${folder}/${name};`);
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
events { worker_connections 256; }
http {
${temporary.join('\n')}
  log_format lines escape=json '{"id":"$http_x_case","method":"$request_method","target":"$request_uri","path":"$uri"}';
  access_log ${folder}/access.log lines;
  sendfile off;
  default_type text/plain;
  keepalive_requests 1000000000;
  upstream backend {
    server 127.0.0.1:${backend};
    keepalive 4;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port};
    proxy_http_version 1.1;
    proxy_set_header Connection "";
${locations}
  }
}
`;
}
