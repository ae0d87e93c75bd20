import type { TestRun } from '../cases/files.js';
import type { CaseResult, Failure } from '../cases/run.js';
import type { Range } from '../diagnostics/diagnostic.js';
import { COLOURS, draw, PLAIN, type Palette } from '../diagnostics/draw.js';
import { printable } from '../diagnostics/printable.js';

/** How a run is told. */
export type TestFormat = 'pretty' | 'json' | 'junit';

/** Tells of a run. */
export function reportOf(run: TestRun, format: TestFormat, colour: boolean): string {
  if (format === 'json') return `${JSON.stringify(inJson(run), null, 2)}\n`;
  return format === 'junit' ? inJunit(run) : pretty(run, colour ? COLOURS : PLAIN);
}

function inJson({ config, passed, diagnostics, results, unmet }: TestRun): object {
  const cases = results.map(({ name, request, place, route, milliseconds, failures }) => ({
    name, request, ...placeIn(place), route, passed: failures.length === 0, milliseconds: rounded(milliseconds),
    failures: failures.map(({ what, expected, actual, place: at }) => ({ what, expected, actual, ...placeIn(at) })),
  }));
  return { config, passed, diagnostics, cases, unmet_routes: unmet };
}

const placeIn = ({ file, start }: Range): object => ({ file, line: start.line, column: start.column });
const rounded = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;

function pretty(run: TestRun, palette: Palette): string {
  const { config, diagnostics, results } = run;
  const told = diagnostics.length > 0 ? [draw(diagnostics, palette), ''] : [];
  if (results.length === 0) return `${[...told, `${printable(config)}: no case was sent`].join('\n')}\n`;
  return `${[...told, ...results.filter(({ failures }) => failures.length > 0).flatMap((result) => failed(result, palette)), ...summary(run)].join('\n')}\n`;
}

function failed({ name, request, place, failures }: CaseResult, palette: Palette): string[] {
  const title = `${palette.bold(textOf(place))}: ${palette.red('failed')}: ${printable(name)}${name === request ? '' : palette.dim(` (${printable(request)})`)}`;
  return [title, ...failures.flatMap((failure) => drawn(failure, palette)), ''];
}

function drawn({ what, expected, actual, place }: Failure, { dim, bold }: Palette): string[] {
  return [`  ${bold(what)} ${dim(textOf(place))}`, ...field('expected', expected), ...field('actual', actual)];
}

/** More of a body nobody reads in a terminal; JSON has it whole. */
const LONGEST = 600;

function field(name: string, text: string): string[] {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
  return [`    ${name.padEnd(8)} ${visible(cut)}`];
}

/** What cannot be seen is written so that it can. */
export function visible(text: string): string {
  const escaped = text.replace(/[\x00-\x1f]/g, (c) => JSON.stringify(c).slice(1, -1)).replace(/[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return /^ | $|^$/.test(escaped) ? `"${escaped}"` : escaped;
}

function summary({ results, unmet, ...run }: TestRun): string[] {
  const config = printable(run.config);
  const wrong = results.filter(({ failures }) => failures.length > 0).length;
  const count = `${results.length} ${results.length === 1 ? 'case' : 'cases'}`;
  const routes = unmet.length === 0 ? [] : [`${config}: no case meets ${unmet.length === 1 ? 'the route' : 'the routes'} ${unmet.slice(0, 20).map(printable).join(', ')}${unmet.length > 20 ? ` and ${unmet.length - 20} more` : ''}`];
  return [...routes, `${config}: ${wrong === 0 ? `${count} passed` : `${wrong} of ${count} failed`}`];
}

const textOf = ({ file, start }: Range): string => `${printable(file)}:${start.line}:${start.column}`;

/** As continuous integrations read it; a file that is refused is one case that failed. */
function inJunit({ config, results, diagnostics }: TestRun): string {
  const refused = results.length === 0 ? [`<testcase name="${xml(config)}"><failure message="refused">${xml(draw(diagnostics))}</failure></testcase>`] : [];
  const cases = results.map(({ name, place, milliseconds, failures }) => {
    const attributes = `name="${xml(name)}" classname="${xml(place.file)}" file="${xml(place.file)}" line="${place.start.line}" time="${(milliseconds / 1000).toFixed(3)}"`;
    return failures.length === 0 ? `<testcase ${attributes}/>` : `<testcase ${attributes}>${failures.map(inXml).join('')}</testcase>`;
  });
  const wrong = results.filter(({ failures }) => failures.length > 0).length + refused.length;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="${xml(config)}" tests="${results.length + refused.length}" failures="${wrong}">\n${[...refused, ...cases].join('\n')}\n</testsuite>\n`;
}

function inXml(failure: Failure): string {
  return `<failure message="${xml(`${failure.what}: expected ${failure.expected}`)}">${xml(drawn(failure, PLAIN).join('\n'))}</failure>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;' };

/** Text within XML 1.0, which knows no control characters. */
const xml = (text: string): string => text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '\ufffd').replace(/[&<>"\n]/g, (c) => ENTITIES[c] ?? c);
