import { hash } from 'node:crypto';

/** Something that must not be shown, and where it was planted. */
export interface Planted {
  readonly place: string;
  readonly secret: string;
}

/** A secret for a place of its own, the same in each run; with signs that URLs write otherwise. */
export function secretFor(place: string): string {
  const signs = hash('sha512', `planted: ${place}`, 'base64').replace(/[+/=]/g, '');
  return `${signs.slice(0, 16)}+/${signs.slice(16, 32)}`;
}

/** As much of a secret tells on it: a prefix, or a part from its middle. */
const PART = 6;
/** Of its forms, in which three bytes are four signs, and one byte two. */
const PART_BASE64 = 8;
const PART_HEX = 12;

/** Finds parts of secrets in texts: as they are (also within a URL, in either case of letters), in base64 and in hex. */
export class Tracer {
  readonly #plain = new Map<string, string>();
  readonly #base64 = new Map<string, string>();
  readonly #hex = new Map<string, string>();

  constructor(planted: readonly Planted[]) {
    for (const { place, secret } of planted) {
      for (const run of secret.match(/[A-Za-z0-9]+/g) ?? []) this.#note(this.#plain, run.toLowerCase(), PART, place);
      // where a secret begins within three bytes decides how base64 writes it; at its ends the neighbours count
      for (const before of ['', 'x', 'xx']) this.#note(this.#base64, Buffer.from(before + secret).toString('base64').slice(4, -4), PART_BASE64, place);
      this.#note(this.#hex, Buffer.from(secret).toString('hex'), PART_HEX, place);
    }
  }

  /** The places whose secrets a text shows, each with a part that it shows. */
  in(text: string): string[] {
    const lower = text.toLowerCase();
    const url = text.replaceAll('-', '+').replaceAll('_', '/');
    return [...new Set([...found(lower, this.#plain, PART), ...found(url, this.#base64, PART_BASE64), ...found(lower, this.#hex, PART_HEX)])];
  }

  #note(parts: Map<string, string>, text: string, size: number, place: string): void {
    for (let at = 0; at + size <= text.length; at++) parts.set(text.slice(at, at + size), place);
  }
}

function* found(text: string, parts: ReadonlyMap<string, string>, size: number): Generator<string> {
  for (let at = 0; at + size <= text.length; at++) {
    const place = parts.get(text.slice(at, at + size));
    if (place !== undefined) yield `${place}: …${text.slice(Math.max(0, at - 40), at + 40)}…`;
  }
}
