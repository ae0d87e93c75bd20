import type { ResponseHead, ResponseSink, UpstreamExchange, UpstreamFault, UpstreamRequest } from '../http1/index.js';
import type { AnswerConfig } from '../schema/cases.js';
import { formatAddress } from '../upstream/address.js';
import type { Connect, NodePool } from '../upstream/pool.js';
import { answerFrom, type StubAnswer } from './answer.js';

/** What a node received in one attempt. */
export interface Received {
  /** `host:port`. */
  readonly node: string;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** Stands in for every node of every upstream: nothing is connected to. One request goes through at a time. */
export class Stubs {
  #received: Received[] = [];
  #answers: readonly AnswerConfig[] = [];

  readonly connect: Connect = ({ host, port }) => stubPool(formatAddress(host, port), this);

  /** Begins a request: sets what is answered to its attempts in turn, the last one to all further ones. */
  begin(answers: readonly AnswerConfig[]): void {
    this.#received = [];
    this.#answers = answers;
  }

  /** The attempts of the request so far. */
  get received(): readonly Received[] {
    return this.#received;
  }

  /** Takes an attempt, and tells what is answered. */
  take(received: Received): StubAnswer {
    const answer = this.#answers[Math.min(this.#received.length, this.#answers.length - 1)];
    this.#received.push(received);
    return answerFrom(answer, received);
  }
}

function stubPool(node: string, stubs: Stubs): NodePool {
  return {
    send: (request, sink) => new StubExchange(node, request, sink, stubs),
    close: () => {},
    stats: () => ({ open: 0, idle: 0, busy: 0 }),
  };
}

/** One request to a node that is not there. */
class StubExchange implements UpstreamExchange {
  readonly #chunks: Buffer[] = [];
  #aborted = false;

  constructor(private readonly node: string, private readonly request: UpstreamRequest, private readonly sink: ResponseSink, private readonly stubs: Stubs) {
    // a sink hears of nothing before `send` has returned
    if (request.body === 0) setImmediate(() => this.#answer());
    else if (request.expectContinue === true) setImmediate(() => this.#aborted || sink.onInformational(head(100, '', [])));
  }

  write(chunk: Uint8Array): boolean {
    this.#chunks.push(Buffer.from(chunk));
    return true;
  }

  end(): void {
    setImmediate(() => this.#answer());
  }

  resume(): void {}

  abort(): void {
    this.#aborted = true;
  }

  #answer(): void {
    if (this.#aborted) return;
    const answer = this.stubs.take(received(this.node, this.request, Buffer.concat(this.#chunks)));
    if (answer.delay === undefined) this.#give(answer);
    else setTimeout(() => this.#give(answer), answer.delay);
  }

  #give({ fault, status, reason, headers, body }: StubAnswer): void {
    if (this.#aborted) return;
    if (fault) return this.sink.onFault(FAULTS[fault](this.request.head.length));
    const bodiless = this.request.method === 'HEAD' || status === 204 || status === 304;
    this.sink.onHead(head(status, reason, status === 204 ? headers : [...headers, 'Content-Length', String(body.length)], bodiless ? 0 : body.length));
    if (!bodiless && body.length > 0) this.sink.onData(body);
    this.sink.onEnd([]);
  }
}

function received(node: string, { head: text, method }: UpstreamRequest, body: Buffer): Received {
  const [start = '', ...lines] = text.trimEnd().split('\r\n');
  const rawHeaders = lines.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
  return { node, method, target: start.split(' ')[1] ?? '', rawHeaders, body };
}

function head(status: number, reason: string, headers: string[], length = 0): ResponseHead {
  return { status, reason, headers, framing: length > 0 ? 'length' : 'none', length };
}

/** The faults of a real connection, given how many bytes could have left. */
const FAULTS: Readonly<Record<NonNullable<AnswerConfig['fault']>, (size: number) => UpstreamFault>> = {
  refused: () => ({ ...FAULT, kind: 'connect', code: 'ECONNREFUSED' }),
  'connect-timeout': () => ({ ...FAULT, kind: 'connect-timeout' }),
  timeout: (bytesSent) => ({ ...FAULT, kind: 'read-timeout', bytesSent }),
  reset: (bytesSent) => ({ ...FAULT, kind: 'reset', code: 'ECONNRESET', bytesSent }),
};

const FAULT = { code: undefined, message: 'as its case wants it', reusedSocket: false, bytesSent: 0, responseStarted: false, retryable: false } as const;
