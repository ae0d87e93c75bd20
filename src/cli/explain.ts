import { isIP } from 'node:net';
import { NoAnswer } from '../cases/rig.js';
import type { Outcome } from '../config/source.js';
import { draw, COLOURS, PLAIN } from '../diagnostics/draw.js';
import { printable } from '../diagnostics/printable.js';
import { createExplain, type Question } from '../explain/explain.js';
import type { Explanation } from '../explain/explanation.js';
import { PLUGINS } from '../plugins/index.js';
import { useColour } from './colour.js';
import { inWords } from './explain-report.js';
import { inputName, readInput } from './input.js';

/** The options of `gateway explain`. */
export interface ExplainOptions {
  readonly config: string;
  /** `Name: value`, each. */
  readonly header?: readonly string[];
  readonly from: string;
  readonly data?: string;
  readonly format: 'pretty' | 'json';
}

/** Tells what the gateway that a file describes would do with a request, and why. Returns the exit code: 1 when the file is refused. */
export async function explain(method: string, url: string, options: ExplainOptions): Promise<number> {
  const asked = await ask(method, url, options).catch(unanswered);
  if (typeof asked === 'string') {
    process.stderr.write(`${printable(asked)}\n`);
    return 1;
  }
  const { value, diagnostics } = asked;
  const palette = useColour(process.stdout) ? COLOURS : PLAIN;
  if (options.format === 'json') process.stdout.write(`${JSON.stringify(value ?? { diagnostics }, (_, field: unknown) => field ?? null, 2)}\n`);
  else process.stdout.write(value ? inWords(value, palette) : `${draw(diagnostics, palette)}\n\n${printable(inputName(options.config))}: refused\n`);
  return value ? 0 : 1;
}

async function ask(method: string, url: string, options: ExplainOptions): Promise<Outcome<Explanation>> {
  const { value: source, diagnostics } = await readInput(options.config);
  return source ? createExplain(PLUGINS, process.env)(questionOf(method, url, options), source) : { diagnostics };
}

function unanswered(error: unknown): string {
  if (error instanceof NoAnswer) return `answer   ${error.message}`;
  throw error;
}

/** Why a request cannot be asked about, in words; undefined when it can. */
export function problemWith(method: string, url: string, { header = [], from }: ExplainOptions): string | undefined {
  if (!/^[A-Z]+(-[A-Z]+)*$/.test(method)) return `${method} is no method: GET, POST, …`;
  if (!/^(\/|https?:\/\/[^/?]+)/.test(url)) return 'the URL is a path, or begins with http:// or https:// and a host';
  if (/[\x00-\x20\x7f]/.test(url)) return 'a URL holds no spaces and no control characters: percent-encode them';
  if (isIP(from) === 0) return '--from is an IP address';
  return header.every((line) => HEADER.test(line)) ? undefined : "-H is 'Name: value'";
}

const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)$/;

function questionOf(method: string, url: string, { header = [], from, data }: ExplainOptions): Question {
  // names from the command line: `constructor` is one like any other
  const headers: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const line of header) {
    const [, name = '', value = ''] = HEADER.exec(line) ?? [];
    // a header is bytes; what a terminal sends is UTF-8
    (headers[name] ??= []).push(inBytes(value));
  }
  return { method, url: inBytes(url), headers, from, body: data };
}

const inBytes = (text: string): string => Buffer.from(text).toString('latin1');
