import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import type { Closing } from './gateway.js';

const LISTENER = 'require("net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, function () { console.log(this.address().port) })';

/** Starts a listener that is stopped and whose queue is full: nobody gets a connection, and nobody is refused. Linux alone. */
export async function startDeaf(closing: Closing): Promise<number> {
  const child = spawn(process.execPath, ['-e', LISTENER]);
  closing.after(() => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(line);
  child.kill('SIGSTOP');
  const fillers = Array.from({ length: 8 }, () => net.connect(port, '127.0.0.1').on('error', () => {}));
  closing.after(() => fillers.forEach((f) => f.destroy()));
  await once(fillers[0] ?? child, 'connect');
  return port;
}
