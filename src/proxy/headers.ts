import { FRAMING, GATEWAYS_OWN, HOP_BY_HOP } from '../header-names.js';
import { alike, isRemoved } from './fields.js';

/** Which names may have a fate of their own, by length and first letter: nearly every other name is told apart by these. */
const SUSPECTS: Uint8Array = suspects([...HOP_BY_HOP, ...GATEWAYS_OWN, ...FRAMING]);

/** The client's end-to-end headers as lines of a head, but for Host and those that `removed` names (lower case), in any spelling. */
export function endToEndLines(raw: readonly string[], connection: string | undefined, removed: ReadonlySet<string> | undefined): string {
  const named = connectionTokens(connection);
  let lines = '';
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    if (SUSPECTS[keyOf(name)] === 1 || removed || named) {
      const lower = name.toLowerCase();
      if (lower === 'host' || isDropped(lower) || (!FRAMING.has(lower) && ((removed !== undefined && isRemoved(removed, lower)) || named?.has(lower) === true))) continue;
    }
    lines += `${name}: ${raw[i + 1] ?? ''}\r\n`;
  }
  return lines;
}

/** A request's trailers that may be passed on: no framing, no hop-by-hop, none of the gateway's own words. */
export function endToEndPairs(raw: readonly string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const lower = name.toLowerCase();
    if (!isDropped(lower) && !FRAMING.has(lower)) out.push(name, raw[i + 1] ?? '');
  }
  return out;
}

/** Whether a client's header is dropped, in whatever spelling a server could take for the dropped name. */
function isDropped(lower: string): boolean {
  if (isOurs(lower)) return true;
  const seen = alike(lower);
  return seen !== lower && (isOurs(seen) || FRAMING.has(seen));
}

/** Names and values in turn, as lines of a head. */
export function linesOf(flat: readonly string[] | undefined): string {
  let lines = '';
  for (let i = 0; flat && i < flat.length; i += 2) lines += `${flat[i] ?? ''}: ${flat[i + 1] ?? ''}\r\n`;
  return lines;
}

const isOurs = (name: string): boolean => HOP_BY_HOP.has(name) || GATEWAYS_OWN.has(name) || name.startsWith('x-consumer-');

/** The names that Connection headers list, but for those that must stay. */
function connectionTokens(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  const tokens = connection.split(',').map((token) => token.trim().toLowerCase()).filter((token) => token !== '' && !FRAMING.has(token));
  return tokens.length > 0 ? new Set(tokens) : undefined;
}

/** Length and first letter of a name in one number; the letter's case makes no difference. */
function keyOf(name: string): number {
  return ((name.length & 31) << 5) | (name.charCodeAt(0) & 31);
}

function suspects(names: readonly string[]): Uint8Array {
  const table = new Uint8Array(1024);
  for (const name of names) table[keyOf(name)] = 1;
  // `x-consumer-` may go on with anything
  for (let length = 0; length < 32; length++) table[(length << 5) | ('x'.charCodeAt(0) & 31)] = 1;
  return table;
}
