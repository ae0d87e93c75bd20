import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import net, { type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { startGateway, workspace } from '../test/support/cli.js';
import { ask } from '../test/support/raw.js';
import { answer, startUpstream } from '../test/support/upstream.js';

/**
 * Prints what 900 clients of the slowest kind do to the others: `npm run bench:slow`. The gateway is run as users run
 * it, with its default timeouts; a probe asks for something every 20 ms, each time on a connection of its own.
 */
const CLIENTS = 900;
const SECONDS = 13;
const EVERY_MS = 2_000;
const LARGE = 16 * 1024 * 1024;
const SMALL = 'x'.repeat(64 * 1024);

/** A way to be slow: what is sent first, what is sent from time to time, and whether answers are read. */
interface Slowness {
  readonly name: string;
  readonly first: string;
  readonly then: string;
  readonly reads: boolean;
  readonly clients?: number;
}

const HOST = 'Host: slow.test\r\n';
const WAYS: readonly Slowness[] = [
  { name: 'slow heads (-H)', first: `GET / HTTP/1.1\r\n${HOST}`, then: 'X-Slow: x\r\n', reads: true },
  { name: 'slow bodies (-B)', first: `POST / HTTP/1.1\r\n${HOST}Content-Length: 8192\r\n\r\n`, then: 'slow=x', reads: true },
  { name: 'slow reads (-X)', first: `GET /small HTTP/1.1\r\n${HOST}\r\n`.repeat(3), then: '', reads: false },
  // fewer: what a client does not take fills the buffers of the system first, and 900 times those are more than it grants
  { name: 'stalled downloads', first: `GET /large HTTP/1.1\r\n${HOST}\r\n`, then: '', reads: false, clients: 60 },
];

async function main(): Promise<void> {
  const closers: (() => unknown)[] = [];
  const space = await workspace();
  const file = space.path('config.yaml');
  try {
    const upstream = await startUpstream({ after: (close) => closers.push(close) }, ({ target }, socket) => (target === '/large' ? stream(socket) : answer(target === '/small' ? SMALL : 'ok')));
    await writeFile(file, configuration(upstream.port));
    for (const way of WAYS.filter(({ name }) => name.includes(process.argv[2] ?? ''))) process.stdout.write(`${way.name.padEnd(18)}${await measure(file, way)}\n`);
  } finally {
    for (const close of closers) close();
    await space.remove();
  }
}

/** Answers at the pace at which it is taken. */
function stream(socket: Socket): void {
  const piece = Buffer.alloc(64 * 1024, 'x');
  let left = LARGE;
  const write = (): void => {
    while (left > 0 && !socket.destroyed) {
      left -= piece.length;
      if (!socket.write(piece)) return;
    }
  };
  socket.on('drain', write).write(`HTTP/1.1 200 OK\r\nContent-Length: ${LARGE}\r\n\r\n`);
  write();
}

/** The defaults, but for slow reads: what they take is seen within the run. */
function configuration(port: number): string {
  return `gateway: {listen: 127.0.0.1:0, client_timeouts: {write: 5}}\nroutes: [{id: all, uri: /*, upstream_id: up}]\nupstreams: [{id: up, nodes: {127.0.0.1:${port}: 1}}]\n#END\n`;
}

async function measure(file: string, way: Slowness): Promise<string> {
  const gateway = await startGateway(file);
  try {
    const port = Number(new URL(gateway.url).port);
    const memory = (): number => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${gateway.program.child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
    const before = memory();
    const began = performance.now();
    const count = way.clients ?? CLIENTS;
    const clients = Array.from({ length: count }, () => new SlowClient(port, way));
    const probes: number[] = [];
    let failed = 0;
    let most = 0;
    while (performance.now() - began < SECONDS * 1000) {
      const asked = performance.now();
      const message = await ask(port, `GET /probe HTTP/1.1\r\n${HOST}\r\n`, 5000).catch(() => undefined);
      probes.push(performance.now() - asked);
      if (message?.body !== 'ok') failed++;
      most = Math.max(most, memory());
      await pause(20);
    }
    const closed = clients.flatMap(({ lasted }) => lasted ?? []);
    const last = closed.length > 0 ? `, the last after ${(Math.max(...closed) / 1000).toFixed(1)} s` : '';
    // who does not read does not see its end either
    const left = (await gateway.status()).in_flight.reduce((sum, { requests }) => sum + requests, 0);
    for (const client of clients) client.leave();
    return `${way.reads ? `${closed.length} of ${count} closed${last}` : `${count} clients, ${left} requests left in flight`}; probes: ${percentiles(probes)}, ${failed} of ${probes.length} failed; memory +${Math.round(most - before)} MB`;
  } finally {
    await gateway.kill();
  }
}

/** A client that takes its time, and notes when it has been cut. */
class SlowClient {
  /** Milliseconds that its connection lasted, once that is over. */
  lasted: number | undefined;
  readonly #socket: Socket;
  readonly #timer: NodeJS.Timeout;

  constructor(port: number, { first, then, reads }: Slowness) {
    const began = performance.now();
    this.#socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    this.#timer = setInterval(() => {
      if (then !== '') this.#socket.write(then);
      // a sip from time to time: an end behind what is not read would not be seen either
      else this.#socket.read(1024);
    }, EVERY_MS);
    this.#socket.on('error', () => {}).on('close', () => {
      clearInterval(this.#timer);
      this.lasted = performance.now() - began;
    });
    if (reads) this.#socket.resume();
    else this.#socket.on('readable', () => {});
    this.#socket.write(first);
  }

  leave(): void {
    clearInterval(this.#timer);
    this.#socket.destroy();
  }
}

function percentiles(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms`;
}

await main();
process.exit(0);
