import type { Value } from '../plugins/plugin.js';

/** Bytes, each a character, as the text that they are in UTF-8; as they stand when they are none. */
export function unicode(bytes: string): string {
  if (!/[^\x00-\x7f]/.test(bytes)) return bytes;
  try {
    return UTF8.decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return bytes;
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** A variable's value as a text; what a body holds that is no text is told as JSON. */
export function textOf(value: Value): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
