import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from '../../bench/machine.js';
import { freePort } from '../../bench/ports.js';
import { type Kind, readLog, type Running, type Setting, unescapeC } from './kinds.js';

/** Where Debian keeps its modules. */
const MODULES = '/usr/lib/apache2/modules';

/** apache2 with static files, in each of its ways to take `%2F`. */
export const apache: readonly Kind[] = ['Off', 'On', 'NoDecode'].map((slashes) => ({
  name: slashes === 'Off' ? 'apache2' : `apache2 AllowEncodedSlashes ${slashes}`,
  program: 'apache2',
  proxies: false,
  start: (setting) => startApache(setting, (({ docs }) => `
AllowEncodedSlashes ${slashes}
AliasMatch "^/+admin" "${docs}/admin/secret"`)),
}));

/** apache2 before node:http. */
export const apacheProxy: Kind = {
  name: 'apache2 → node', program: 'apache2', proxies: true,
  start: (setting) => startApache(setting, ({ backend }) => `
AllowEncodedSlashes NoDecode
ProxyPass "/" "http://127.0.0.1:${backend}/" nocanon`),
};

async function startApache(setting: Setting, rules: (setting: Setting) => string): Promise<Running> {
  const { processes, folder } = setting;
  const port = await freePort();
  const file = join(folder, 'apache.conf');
  await writeFile(file, configuration(setting, port, rules(setting)));
  const server = await processes.serve({ command: findProgram('apache2') ?? '', args: ['-DFOREGROUND', '-d', folder, '-f', file], ready: port });
  return {
    pid: server.pid,
    port,
    async stop() {
      await server.stop();
      return readLog(await readFile(join(folder, 'access.log'), 'latin1'), unescapeC).map((entry) => {
        // the whole request line is logged: apache2 has no word for its target
        const [, target = entry.target] = entry.target.split(' ');
        return { ...entry, target };
      });
    },
  };
}

/** It names the path in each answer, so that a file's answer tells whose it is. */
function configuration({ folder, docs }: Setting, port: number, rules: string): string {
  const modules = ['mpm_event', 'authz_core', 'alias', 'headers', 'proxy', 'proxy_http'];
  return `ServerRoot "${folder}"
ServerName localhost
Listen 127.0.0.1:${port}
PidFile "${folder}/apache.pid"
DefaultRuntimeDir "${folder}"
${modules.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
StartServers 1
ServerLimit 1
ThreadsPerChild 16
MaxRequestWorkers 16
MinSpareThreads 1
MaxSpareThreads 16
KeepAlive On
MaxKeepAliveRequests 0
KeepAliveTimeout 60
DocumentRoot "${docs}"
<Directory "${docs}">
  Require all granted
</Directory>
Header always set X-Seen "expr=%{REQUEST_URI}"
ErrorLog "${folder}/error.log"
LogFormat "%{X-Case}i %m %r\\t%U" lines
CustomLog "${folder}/access.log" lines
${rules}
`;
}
