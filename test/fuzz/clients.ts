import net, { type Socket } from 'node:net';
import { statusOf, takeResponse, type Message } from '../support/message.js';
import type { Findings } from './findings.js';
import { Random } from './mutate.js';
import { spoiltRequests } from './requests.js';

/** When a client goes on, whatever came: most do soon, a few wait until the gateway has ended the connection. */
const HASTY_MS = 60;
const PATIENT_MS = 8_000;

/** Where and what from a client sends. */
export interface Target {
  readonly port: number;
  readonly seed: number;
  readonly findings: Findings;
}

/** Sends what one connection sends of spoilt requests, and reads the answers strictly. */
export async function spoiltConnection({ port, seed, findings }: Target, number: number): Promise<void> {
  const random = new Random(seed, number);
  const requests = spoiltRequests(random);
  const bytes = requests.join('');
  const patient = random.once(500);
  const method = bytes.startsWith('HEAD') ? 'HEAD' : 'GET';
  const conversation = new Conversation(port);
  conversation.send(bytes, random.once(4) ? random.below(bytes.length + 1) : 0);
  let answers = 0;
  try {
    while (answers < requests.length) {
      const message = await conversation.answer(method, patient ? PATIENT_MS : HASTY_MS);
      if (!message) break;
      answers++;
      findings.count(`${statusOf(message)}`);
      if (method === 'HEAD') break;
    }
    if (patient && answers < requests.length && !conversation.closed) findings.fail(`seed ${seed}, connection ${number}: neither answered nor closed`, bytes);
  } catch (error) {
    findings.fail(`seed ${seed}, connection ${number}: ${String(error)} in ${JSON.stringify(conversation.received.slice(0, 500))}`, bytes);
  }
  if (answers === 0) findings.count(conversation.closed ? 'closed' : 'unfinished');
  findings.requests += Math.max(1, answers);
  conversation.leave();
}

const CLEAN = ['GET / HTTP/1.1\r\nHost: f\r\n\r\n', 'HEAD / HTTP/1.1\r\nHost: f\r\n\r\n', 'POST / HTTP/1.1\r\nHost: f\r\nContent-Length: 2\r\n\r\nhi', 'GET / HTTP/1.0\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: f\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n', 'POST / HTTP/1.1\r\nHost: f\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi'];

/** Asks the spoiling upstream one thing after another on one connection, until that ends. */
export async function cleanConnection({ port, seed, findings }: Target, number: number, more: () => boolean): Promise<void> {
  const random = new Random(seed ^ 0x5bd1e995, number);
  const conversation = new Conversation(port);
  while (more() && !conversation.closed) {
    const request = random.once(3) ? random.pick(CLEAN) : CLEAN[0] ?? '';
    conversation.send(request, 0);
    try {
      const message = await conversation.answer(request.split(' ', 1)[0] ?? '', PATIENT_MS);
      findings.count(message ? `${statusOf(message)}` : 'closed');
      if (!message && !conversation.closed) findings.fail(`seed ${seed}: neither answered nor closed; received ${JSON.stringify(conversation.received.slice(0, 500))}`, request);
      else if (message && conversation.received !== '') findings.fail(`seed ${seed}: bytes after the answer`, message.start + conversation.received);
      if (!message || /\bHTTP\/1\.0\r\n/.test(request)) break;
    } catch (error) {
      findings.fail(`seed ${seed}: ${String(error)}`, `${request} → ${conversation.received}`);
      break;
    }
  }
  conversation.leave();
}

/** A connection whose bytes are read strictly. */
class Conversation {
  received = '';
  closed = false;
  readonly #socket: Socket;
  #news: () => void = () => {};

  constructor(port: number) {
    this.#socket = net.connect({ port, host: '127.0.0.1', noDelay: true }).setEncoding('latin1');
    this.#socket.on('data', (text: string) => {
      this.received += text;
      this.#news();
    });
    this.#socket.on('error', () => {}).on('close', () => {
      this.closed = true;
      this.#news();
    });
  }

  /** Sends bytes, in two pieces when there is a place to cut them. */
  send(bytes: string, cut: number): void {
    if (cut > 0) this.#socket.write(bytes.slice(0, cut), 'latin1');
    setImmediate(() => this.#socket.write(bytes.slice(cut), 'latin1'));
  }

  /** The next whole answer; undefined when none came in time, or the connection ended first. Throws at what is none. */
  async answer(method: string, within: number): Promise<Message | undefined> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#news();
    }, within);
    try {
      for (;;) {
        const message = takeResponse(this.received, method, this.closed);
        if (message) {
          this.received = message.rest;
          return message;
        }
        if (late || this.closed) return undefined;
        await new Promise<void>((resolve) => (this.#news = resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  leave(): void {
    // no end: thousands of them would use up the ports
    if (!this.#socket.destroyed) this.#socket.resetAndDestroy();
  }
}
