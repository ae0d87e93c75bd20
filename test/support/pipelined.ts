import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends so many requests for a path to a port, many at a time on one kept-alive connection; resolves to how often each status came. */
export async function pipelined(port: number, path: string, requests: number, atOnce = 50): Promise<Map<number, number>> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1').setNoDelay();
  await once(socket, 'connect');
  const counts = new Map<number, number>();
  let pending = '';
  let answered = 0;
  let sent = 0;
  const send = (): void => {
    const batch = Math.min(atOnce, requests - sent);
    sent += batch;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(batch));
  };
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject).on('close', () => reject(new Error(`closed after ${answered} of ${requests} answers`)));
    socket.on('data', (text: string) => {
      pending += text;
      for (const [, status = ''] of pending.matchAll(STATUS_LINE)) {
        answered++;
        counts.set(Number(status), (counts.get(Number(status)) ?? 0) + 1);
      }
      // what may be the beginning of another
      pending = pending.slice(Math.max(pending.lastIndexOf('HTTP/1.1 ') + 9, pending.length - 12));
      if (answered === requests) resolve();
      else if (answered === sent) send();
    });
    send();
  });
  socket.removeAllListeners('close').destroy();
  return counts;
}

const STATUS_LINE = /HTTP\/1\.1 (\d{3})/g;
