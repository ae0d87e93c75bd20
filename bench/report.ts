import type { Machine } from './machine.js';
import type { Measured } from './measure.js';
import { type Row, summarise } from './summary.js';

/** A whole run, as it is shown and stored. */
export interface Run {
  readonly date: string;
  readonly machine: Machine;
  /** What ran where, and how it was loaded. */
  readonly layout: string;
  /** What to know before one believes the figures. */
  readonly notes: readonly string[];
  readonly cases: readonly Measured[];
}

/** Draws a run as Markdown, which reads well enough on a terminal. */
export function draw({ date, machine, layout, notes, cases }: Run): string {
  const { cpu, cores, memory, system, node } = machine;
  const head = [`${date}, Node ${node}, ${cpu}, ${cores} cores, ${memory}, ${system}. ${layout}.`, ...notes.map((note) => `**${note}**`)];
  return [...head, ...cases.map(drawCase)].join('\n\n');
}

/** Draws one case. */
export function drawCase(measured: Measured): string {
  const header = [measured.name, 'CPU µs/request', ...measured.baselines.map((name) => `× ${name}`), 'requests/s', 'p50 ms', 'p99 ms', 'RSS MB'];
  const table = [header, ...summarise(measured).map(cells)];
  const widths = header.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  const [first = [], ...rest] = table;
  const skipped = measured.skipped.map(({ name, reason }) => `left out: ${name} (${reason.split('\n', 1)[0] ?? ''})`);
  return [[line(first), rule, ...rest.map(line)].join('\n'), ...skipped].join('\n\n');
}

function cells({ name, cpu, ratios, perSecond, p50, p99, rss }: Row): string[] {
  return [
    name, cpu.toFixed(1), ...ratios.map((ratio) => (Number.isNaN(ratio) ? '–' : ratio.toFixed(2))),
    Math.round(perSecond).toLocaleString('en'), p50.toFixed(2), p99.toFixed(2), (rss / 1e6).toFixed(0),
  ];
}

const BEGIN = '<!-- measured: begin -->';
const END = '<!-- measured: end -->';

/** Puts a report between the two marks of a page. */
export function insert(page: string, report: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('the page has lost the marks that the report stands between');
  return `${page.slice(0, begin + BEGIN.length)}\n${report}\n${page.slice(end)}`;
}
