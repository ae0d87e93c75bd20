import type { Config } from '../schema/file.js';
import type { Steps } from '../steps.js';

/** Items of a list that are unpacked without interruption: about a millisecond's work. */
const ITEMS = 100;
const NEWLINE = 10;

/** A configuration as it goes from thread to thread, and as it is kept to be compared with: see `pack`. */
export type Packed = Uint8Array<ArrayBuffer>;

/** Packs a configuration so that it can be unpacked in slices: lines of JSON, each a field's name and a part of its value. */
export function pack(config: Config): Packed {
  const lines: string[] = [];
  for (const [name, value] of Object.entries(config) as [string, unknown][]) {
    if (!Array.isArray(value)) lines.push(JSON.stringify([name, value]));
    else for (let i = 0; i === 0 || i < value.length; i += ITEMS) lines.push(JSON.stringify([name, value.slice(i, i + ITEMS)]));
  }
  return new TextEncoder().encode(lines.join('\n'));
}

/** Unpacks what `pack` packed. */
export function* unpack(packed: Packed): Steps<Config> {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const config: Record<string, unknown> = {};
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(NEWLINE, at);
    const end = found < 0 ? bytes.length : found;
    const [name, value] = JSON.parse(bytes.toString('utf8', at, end)) as [string, unknown];
    const list = config[name];
    if (Array.isArray(list) && Array.isArray(value)) for (const item of value as unknown[]) list.push(item);
    else config[name] = value;
    at = end + 1;
    yield;
  }
  return config as unknown as Config;
}
