/**
 * The upstream of every proxy: answers without node:http, so that the core is the proxies'. It takes each request in
 * whole before it answers, and understands no more of HTTP than proxies send to it: lengths and chunks.
 */
import net, { type Socket } from 'node:net';
import { listen } from './listen.js';

const answer = (size: number): Buffer => Buffer.from(`HTTP/1.1 200 OK\r\nServer: upstream\r\nDate: ${new Date().toUTCString()}\r\nContent-Type: text/plain\r\nContent-Length: ${size}\r\n\r\n${'x'.repeat(size)}`, 'latin1');
const SMALL = answer(200);
const LARGE = answer(65536);

listen(net.createServer({ noDelay: true }, serve));

function serve(socket: Socket): void {
  let text = '';
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    text += chunk;
    for (let end = endOf(text); end > 0; end = endOf(text)) {
      const head = text.slice(0, text.indexOf('\r\n\r\n') + 2);
      text = text.slice(end);
      socket.write(head.includes(' /64k') ? LARGE : SMALL);
      if (/^connection: *close\r$/im.test(head)) return void socket.end();
    }
  });
}

/** Where the first request ends; 0 while it is not whole. */
function endOf(text: string): number {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return 0;
  if (text.startsWith('GET ')) return head + 4;
  const length = /^content-length: *(\d+)\r$/im.exec(text.slice(0, head + 2))?.[1];
  if (length !== undefined) return text.length < head + 4 + Number(length) ? 0 : head + 4 + Number(length);
  const last = text.indexOf('\r\n0\r\n\r\n', head);
  return last < 0 ? 0 : last + 7;
}
