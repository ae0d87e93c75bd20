import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from '../../bench/machine.js';
import { freePort } from '../../bench/ports.js';
import { type Kind, readLog, type Running, type Setting, unescapeC } from './kinds.js';

/** lighttpd with a static file; it redirects from what it has not, which tells how it understood a path, and whose answer it is. */
export const lighttpd: Kind = {
  name: 'lighttpd', program: 'lighttpd', proxies: false,
  start: (setting) => startLighttpd(setting, `
url.rewrite-once = ("^/+admin" => "/admin/secret")
$HTTP["url"] =~ "^/(?!admin|outer/|public/a$)(.*)$" { url.redirect = ("" => "/seen/%{noesc:1}") }`),
};

/** lighttpd before node:http. */
export const lighttpdProxy: Kind = {
  name: 'lighttpd → node', program: 'lighttpd', proxies: true,
  start: (setting) => startLighttpd(setting, `
proxy.server = ("" => (("host" => "127.0.0.1", "port" => ${setting.backend})))`),
};

async function startLighttpd({ processes, folder, docs }: Setting, rules: string): Promise<Running> {
  const port = await freePort();
  const file = join(folder, 'lighttpd.conf');
  await writeFile(file, configuration(folder, docs, port, rules));
  const server = await processes.serve({ command: findProgram('lighttpd') ?? '', args: ['-D', '-f', file], ready: port });
  return {
    pid: server.pid,
    port,
    async stop() {
      await server.stop();
      const log = readLog(await readFile(join(folder, 'access.log'), 'latin1'), unescapeC);
      return log.map((entry) => {
        const [, target = entry.target] = entry.target.split(' ');
        return { ...entry, target, path: understood(entry.path ?? '', docs) };
      });
    },
  };
}

/** The file that it took a path for, or where it redirected; nothing where it refused. */
function understood(told: string, docs: string): string | undefined {
  const [, file = '', location = ''] = /^(\S+) (.*)$/s.exec(told) ?? [];
  if (file.startsWith(docs)) return file.slice(docs.length);
  return location.startsWith('/seen/') ? location.slice('/seen'.length) : undefined;
}

/** It logs the file that it took a path for, and where it sent the client. */
function configuration(folder: string, docs: string, port: number, rules: string): string {
  return `server.modules = ("mod_rewrite", "mod_redirect", "mod_accesslog", "mod_proxy")
server.document-root = "${docs}"
server.bind = "127.0.0.1"
server.port = ${port}
server.errorlog = "${folder}/error.log"
server.upload-dirs = ("${folder}")
server.max-keep-alive-requests = 65535
server.max-keep-alive-idle = 60
accesslog.filename = "${folder}/access.log"
accesslog.format = "%{X-Case}i %m %r\\t%f %{Location}o"
${rules}
`;
}
