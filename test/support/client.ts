import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Asks once; without an agent on a connection of its own. */
export async function ask(url: string, { headers = {}, agent }: { headers?: http.OutgoingHttpHeaders; agent?: http.Agent } = {}): Promise<Answer> {
  const req = http.get(url, { headers, agent: agent ?? false });
  const [res] = await once(req, 'response') as [http.IncomingMessage];
  let body = '';
  res.setEncoding('utf8');
  for await (const chunk of res) body += String(chunk);
  if (!res.complete) throw new Error('the answer was cut');
  return { status: res.statusCode ?? 0, headers: res.headers, body };
}

/** A load that runs until it is stopped. */
export interface Load {
  /** Answers so far. */
  readonly count: number;
  /** What went wrong, in words: a refused check, or a broken connection. */
  readonly failures: readonly string[];
  stop(): Promise<void>;
}

/** How a load is made. */
export interface LoadOptions {
  readonly connections: number;
  readonly headers?: http.OutgoingHttpHeaders;
  /** Milliseconds between an answer and the next request on its connection, so that a test leaves something of the machine; 5. */
  readonly rest?: number;
}

/** Keeps some kept-alive connections busy; `check` tells what is wrong with an answer. */
export function startLoad(url: string, check: (answer: Answer) => string | undefined, { connections, headers = {}, rest = 5 }: LoadOptions): Load {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const failures: string[] = [];
  let running = true;
  let count = 0;
  const loop = async (): Promise<void> => {
    while (running) {
      try {
        const wrong = check(await ask(url, { headers, agent }));
        if (wrong !== undefined) failures.push(wrong);
      } catch (error) {
        failures.push(String(error));
      }
      count++;
      if (rest > 0) await pause(rest);
    }
  };
  const loops = Array.from({ length: connections }, loop);
  return {
    get count() { return count; },
    failures,
    async stop() {
      running = false;
      await Promise.all(loops);
      agent.destroy();
    },
  };
}

/** Asks again and again until an answer is as wanted; returns how long that took, in milliseconds. */
export async function untilAnswer(url: string, wanted: (answer: Answer) => boolean, { headers = {}, within = 15_000 }: { headers?: http.OutgoingHttpHeaders; within?: number } = {}): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const started = performance.now();
  try {
    for (;;) {
      const answer = await ask(url, { headers, agent });
      const took = performance.now() - started;
      if (wanted(answer)) return took;
      await pause(2);
      if (took > within) throw new Error(`still ${answer.status} ${answer.body} after ${Math.round(took)} ms`);
    }
  } finally {
    agent.destroy();
  }
}

/** Looks again and again, at short intervals, until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, within = 15_000): Promise<void> {
  const end = performance.now() + within;
  while (!await holds()) {
    if (performance.now() > end) throw new Error(`never so: ${what}`);
    await pause(10);
  }
}
