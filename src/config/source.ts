import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Code } from '../diagnostics/codes.js';

/** The text of one configuration file, as it was read. */
export interface Source {
  /** The name that the user gave, for messages. */
  readonly file: string;
  readonly text: string;
  /** SHA-256 of the bytes, in hex. */
  readonly hash: string;
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
  if (bytes.length > MAX_BYTES) return refuse('file-too-large', `${file} has ${bytes.length} bytes; at most ${MAX_BYTES} are accepted`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('file-not-text', `${file} is not UTF-8 text`, 'save it as UTF-8');
  }
  if (text.includes('\0')) return refuse('file-not-text', `${file} holds NUL characters: it is not a text file`);
  return { value: { file, text, hash: createHash('sha256').update(bytes).digest('hex') }, diagnostics: [] };
}

function refuseRead(file: string, error: unknown): Outcome<Source> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return refuse('file-missing', `there is no file ${file}`, 'name another with -c FILE');
  }
  if (code === 'EISDIR') return refuse('file-unreadable', `${file} is a directory`, `name the file in it with -c`);
  if (code === 'ERR_FS_FILE_TOO_LARGE') return refuse('file-too-large', `${file} is larger than a configuration can be`);
  return refuse('file-unreadable', `${file} cannot be read${code && ` (${code})`}`, 'check its permissions');
}

function refuse(code: Code, message: string, hint?: string): Outcome<Source> {
  // without a place: what is wrong with a file as a whole stands on none of its lines
  return { diagnostics: [{ code, severity: 'error', message, path: [], ...(hint && { hint }) }] };
}
