import { hash, timingSafeEqual } from 'node:crypto';

/** The SHA-256 of a text. */
export function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

/** Whether two byte strings are equal; how long it takes says nothing of where they differ. */
export function isEqual(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
