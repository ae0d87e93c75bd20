import { buffer } from 'node:stream/consumers';
import { readSource, sourceOf, type Outcome, type Source } from '../config/source.js';

/** Reads a file, or stdin where `-` stands for it. */
export async function readInput(file: string): Promise<Outcome<Source>> {
  return file === '-' ? sourceOf(inputName(file), await buffer(process.stdin)) : readSource(file);
}

/** What a file is called in messages. */
export const inputName = (file: string): string => (file === '-' ? '<stdin>' : file);
