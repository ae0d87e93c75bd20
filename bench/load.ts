import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.js';
import type { Request } from './request.js';

/** What a load generator tells of one measurement. */
export interface Load {
  readonly requests: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Responses of other statuses than 2xx and 3xx. */
  readonly refused: number;
  /** Connections that failed and responses that did not come. */
  readonly errors: number;
}

/** Loads a port with one kind of request over kept-alive connections for some seconds. */
export async function load(bench: Bench, port: number, request: Request, seconds: number): Promise<Load> {
  const { processes, wrk, connections } = bench;
  const timeout = (seconds + 10) * 1000;
  if (wrk !== undefined) return parseWrk(await processes.run(wrk, wrkArgs(bench, port, request, seconds), timeout));
  if (request.inTurn) throw new Error('it takes wrk: headers in turn are not for the stand-in');
  const job = JSON.stringify({ port, request, connections, seconds });
  return JSON.parse(await processes.run(process.execPath, [OWN, job], timeout)) as Load;
}

/** The stand-in where wrk is not installed. */
const OWN = fileURLToPath(new URL('./servers/load.js', import.meta.url));

function wrkArgs({ folder, connections }: Bench, port: number, request: Request, seconds: number): string[] {
  const headers = Object.entries(request.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const script = request.body > 0 || request.inTurn ? ['-s', scriptOf(folder, request)] : [];
  return ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', ...headers, ...script, `http://127.0.0.1:${port}${request.path}`];
}

/** What wrk does for requests that are not all alike, or have a body; the file's path. */
function scriptOf(folder: string, { method, body, inTurn }: Request): string {
  const script = join(folder, 'request.lua');
  const lines = [`wrk.method = "${method}"`, `wrk.body = string.rep("x", ${body})`];
  if (inTurn) {
    const values = join(folder, 'values.txt');
    writeFileSync(values, inTurn.values.join('\n'));
    lines.push(
      'local values, at = {}, 0', `for line in io.lines("${values}") do values[#values + 1] = line end`, 'request = function()',
      '  at = at % #values + 1', `  wrk.headers["${inTurn.header}"] = values[at]`, '  return wrk.format()', 'end',
    );
  }
  writeFileSync(script, lines.join('\n'));
  return script;
}

/** Reads the report that wrk prints with --latency. */
export function parseWrk(text: string): Load {
  const requests = Number(/^\s+(\d+) requests in/m.exec(text)?.[1] ?? 0);
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1).map(Number) ?? [];
  return {
    requests,
    perSecond: Number(/^Requests\/sec:\s+([\d.]+)/m.exec(text)?.[1] ?? 0),
    p50: percentile(text, 50),
    p99: percentile(text, 99),
    refused: Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0),
    errors: errors.reduce((sum, count) => sum + count, 0),
  };
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

function percentile(text: string, which: number): number {
  const [, number = 'NaN', unit = 'ms'] = new RegExp(`^\\s+${which}%\\s+([\\d.]+)(us|ms|s|m)\\s*$`, 'm').exec(text) ?? [];
  return Number(number) * (UNITS[unit] ?? 1);
}
