/** Stands in for wrk: kept-alive connections, each sending the next request when its response has come. */
import net from 'node:net';
import type { Load } from '../load.js';
import type { Request } from '../request.js';

interface Job {
  readonly port: number;
  readonly request: Request;
  readonly connections: number;
  readonly seconds: number;
}

const { port, request, connections, seconds } = JSON.parse(process.argv[2] ?? '{}') as Job;
const bytes = encode(request);
const times: number[] = [];
let refused = 0;
let errors = 0;
const began = performance.now();
for (let i = 0; i < connections; i++) connect();
setTimeout(() => {
  process.stdout.write(JSON.stringify(summary((performance.now() - began) / 1000)));
  process.exit(0);
}, seconds * 1000);

function connect(): void {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  let started = 0;
  /** Bytes of the response that are still to come; undefined before its head. */
  let missing: number | undefined;
  const send = (): void => {
    started = performance.now();
    missing = undefined;
    socket.write(bytes);
  };
  socket.once('connect', send).once('error', () => errors++);
  socket.on('data', (chunk) => {
    missing = missing === undefined ? begin(chunk) : missing - chunk.length;
    if (missing > 0) return;
    times.push(performance.now() - started);
    send();
  });
}

/** Reads a response's head, which servers send in one piece; the bytes that follow this one. */
function begin(chunk: Buffer): number {
  const end = chunk.indexOf('\r\n\r\n') + 4;
  const head = chunk.toString('latin1', 0, end);
  if (!/^HTTP\/1\.1 [23]/.test(head)) refused++;
  const length = Number(/^content-length: *(\d+)\r$/im.exec(head)?.[1] ?? 0);
  return length - (chunk.length - end);
}

function encode({ method, path, headers, body }: Request): Buffer {
  const fields = Object.entries({ Host: `127.0.0.1:${port}`, ...headers, ...(body > 0 && { 'Content-Length': body }) });
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${'x'.repeat(body)}`, 'latin1');
}

function summary(elapsed: number): Load {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? NaN;
  return { requests: times.length, perSecond: times.length / elapsed, p50: at(0.5), p99: at(0.99), refused, errors };
}
