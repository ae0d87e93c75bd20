import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Diagnostic, Range } from '../diagnostics/diagnostic.js';
import type { Code } from '../diagnostics/codes.js';
import type { Modules } from '../modules/module.js';

/** The text of one configuration file, as it was read. */
export interface Source {
  /** The name that the user gave, for messages. */
  readonly file: string;
  readonly text: string;
  /** SHA-256 of the bytes, in hex. */
  readonly hash: string;
  /** The modules of plugins that it lists, once they are loaded: see `withModules`. */
  readonly modules?: Modules;
}

/** A stage's outcome: a value when it succeeded, and what it has to say in either case. */
export interface Outcome<T> {
  readonly value?: T;
  readonly diagnostics: readonly Diagnostic[];
}

/** Larger files are refused before they are parsed: 40 MiB is some 150,000 routes. */
const MAX_BYTES = 40 * 1024 * 1024;

/** Reads a file into a Source; a missing, unreadable or binary one becomes a diagnostic. */
export async function readSource(file: string): Promise<Outcome<Source>> {
  try {
    return sourceOf(file, await readFile(file));
  } catch (error) {
    return refuseRead(file, error);
  }
}

/** Makes a Source of bytes that were read elsewhere. */
export function sourceOf(file: string, bytes: Buffer): Outcome<Source> {
  if (bytes.length > MAX_BYTES) return refuse('file-too-large', `${file} has ${bytes.length} bytes; at most ${MAX_BYTES} are accepted`, 'is it the right file?');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuseEncoding(file, bytes);
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) return refuse('file-not-text', `${file} holds a NUL character: it is not a text file`, 'name the configuration file', endOf(file, text.slice(0, nul)));
  return { value: { file, text, hash: createHash('sha256').update(bytes).digest('hex') }, diagnostics: [] };
}

function refuseRead(file: string, error: unknown): Outcome<Source> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return refuse('file-missing', `there is no file ${file}`, 'name another, or write one to start from with `gateway init`');
  }
  if (code === 'EISDIR') return refuse('file-unreadable', `${file} is a directory`, 'name a file in it');
  if (code === 'ERR_FS_FILE_TOO_LARGE') return refuse('file-too-large', `${file} is larger than a configuration can be`, 'is it the right file?');
  return refuse('file-unreadable', `${file} cannot be read${code && ` (${code})`}`, 'check its permissions');
}

/** Bytes that are not UTF-8: mostly a text in an older encoding, of which a letter is shown where it stands. */
function refuseEncoding(file: string, bytes: Buffer): Outcome<Source> {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return refuse('file-not-text', `${file} is not UTF-8 text: it is UTF-16`, 'save it as UTF-8');
  const before = wholePart(bytes);
  const controls = bytes.some((byte) => byte < 9 || (byte > 13 && byte < 32));
  return refuse('file-not-text', `${file} is not UTF-8 text from here on`, controls ? 'save it as UTF-8' : 'save it as UTF-8; it looks like Latin-1 or Windows-1252', endOf(file, before));
}

/** The text up to the first byte that is none; found by halving. */
function wholePart(bytes: Buffer): string {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (decodeStart(bytes.subarray(0, middle)) === undefined) invalid = middle;
    else valid = middle;
  }
  return decodeStart(bytes.subarray(0, valid)) ?? '';
}

/** Decodes bytes that may end within a character. */
function decodeStart(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}

/** The place at the end of a text. */
function endOf(file: string, text: string): Range {
  const place = { line: text.split('\n').length, column: text.length - text.lastIndexOf('\n'), offset: text.length };
  return { file, start: place, end: place };
}

function refuse(code: Code, message: string, hint: string, range?: Range): Outcome<Source> {
  // without a place: what is wrong with a file as a whole stands on none of its lines
  return { diagnostics: [{ code, severity: 'error', message, path: [], ...(range && { range }), hint }] };
}
