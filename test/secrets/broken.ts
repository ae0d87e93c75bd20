import { parse } from 'yaml';
import type { Planted } from './traces.js';

/** A file with faults, which are told of the lines that secrets stand on. */
export interface BrokenFile {
  readonly title: string;
  readonly text: string;
  /** Lines of which something must be told, by the places whose secrets stand there. */
  readonly faults: ReadonlyMap<string, number>;
}

/** A line that holds a secret: of a mapping, or of a list. */
interface Line {
  readonly place: string;
  readonly indent: string;
  /** `- ` or nothing. */
  readonly mark: string;
  /** None in a list. */
  readonly name: string;
  readonly value: string;
}

interface Fault {
  /** The lines that stand in place of one. */
  readonly of: (line: Line, number: number) => readonly string[];
  /** Whether something must be told of it: a list takes what a mapping does not, and some mappings take any name. */
  readonly told: (line: Line) => boolean;
}

const lead = ({ indent, mark, name }: Line): string => `${indent}${mark}${name === '' ? '' : `${name}: `}`;
const whole = (line: Line): string => `${lead(line)}${line.value}`;
const always = (): boolean => true;
const isNamed = ({ name, place }: Line): boolean => name !== '' && !place.endsWith('.*');

/** What stands under harmless or unknown names of a label and of an upstream is shown, for its author to see what is wrong. */
const isShown = ({ place }: Line): boolean => place.startsWith('a label') || place.includes('upstream');

/** A mapping of any names and values. */
const ANY = 'fault-injection.abort.headers.*';

/** What is done to each line that holds a secret. */
const FAULTS: Readonly<Record<string, Fault>> = {
  'each a list': { of: (line) => [`${lead(line)}[${line.value}]`], told: always },
  'each a mapping': { of: (line) => [`${lead(line)}{a: ${line.value}}`], told: always },
  'each the name in a mapping': { of: (line) => [`${lead(line)}{${line.value}: 1}`], told: always },
  'each twice': { of: (line) => [whole(line), whole(line)], told: ({ name }) => name !== '' },
  'each with an unknown neighbour below': { of: (line, n) => [whole(line), line.name === '' ? `${line.indent}- [5]` : `${line.indent}nonsense${n}: 1`], told: ({ place }) => place !== ANY },
  'each with an unknown neighbour on its line': { of: (line) => [`${lead(line)}{a: ${line.value}, nonsense: [${line.value}]}`], told: always },
  'each much too long': { of: (line) => [`${lead(line)}${line.value.startsWith('"') ? '5' : line.value.repeat(30)}`], told: ({ place }) => place === 'hmac-auth credential.secret_key' },
  'each misspelt': { of: (line) => [line.name === '' ? `${line.indent}- [${line.value}]` : `${line.indent}${line.name}x: ${line.value}`], told: (line) => isNamed(line) && !line.place.startsWith('a label') },
  'each under a name that nothing knows': { of: (line, n) => [isShown(line) ? whole(line) : line.name === '' ? `${line.indent}- {whatever: ${line.value}}` : `${line.indent}whatever${n}: ${line.value}`], told: (line) => isNamed(line) && !isShown(line) },
};

/** A good file with faults: each of them at all secrets at once, then one after each secret that no parser gets over. */
export function brokenFiles(text: string, planted: readonly Planted[]): BrokenFile[] {
  const lines = text.split('\n');
  const holding = lines.map((line) => lineOf(line, planted));
  return [
    ...Object.entries(FAULTS).map(([title, fault]) => withFaults(title, lines, holding, fault)),
    { title: 'all on one line', text: JSON.stringify(withNeighbours(parse(text), planted)), faults: new Map() },
    ...holding.flatMap((line, i): BrokenFile[] => (line ? [cut(line, lines, i)] : [])),
  ];
}

function withFaults(title: string, lines: readonly string[], holding: readonly (Line | undefined)[], fault: Fault): BrokenFile {
  const faults = new Map<string, number>();
  const broken: string[] = [];
  lines.forEach((line, i) => {
    const held = holding[i];
    if (held && fault.told(held)) faults.set(held.place, broken.length + 1);
    broken.push(...(held ? fault.of(held, i) : [line]));
  });
  return { title, text: broken.join('\n'), faults };
}

function cut(line: Line, lines: readonly string[], index: number): BrokenFile {
  return { title: `broken off behind ${line.place}`, text: [...lines.slice(0, index + 1), '  ]: [', ...lines.slice(index + 1)].join('\n'), faults: new Map([[line.place, index + 2]]) };
}

function lineOf(line: string, planted: readonly Planted[]): Line | undefined {
  const found = planted.find(({ secret }) => line.replaceAll('\\n', '').includes(secret));
  const [, indent, mark = '', name = '', value] = /^(\s*)(- )?(?:([\w-]+): )?(\S+|"[^"]*")$/.exec(line) ?? [];
  return found && indent !== undefined && value !== undefined ? { place: found.place, indent, mark, name, value } : undefined;
}

/** A copy in which each mapping that holds a secret has an unknown field. */
function withNeighbours(value: unknown, planted: readonly Planted[]): unknown {
  if (Array.isArray(value)) return value.map((item) => withNeighbours(item, planted));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, item]: [string, unknown]): [string, unknown] => [name, withNeighbours(item, planted)]);
  const holds = Object.values(value).some((item) => typeof item === 'string' && planted.some(({ secret }) => item.replaceAll('\n', '').includes(secret)));
  return Object.fromEntries(holds ? [...entries, ['nonsense', 1]] : entries);
}
