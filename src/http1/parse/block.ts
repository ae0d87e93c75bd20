/** What `scan` returns while the section is incomplete. */
export const MORE = -1;
/** What `scan` returns for a section that cannot become valid; `failure` tells why. */
export const BAD = -2;

/**
 * Finds the end of a head or trailer section, over as many reads as it takes. Lines end with CRLF
 * and nothing else: a lone CR or LF means different things to different parsers (RFC 9112 section 2.2).
 */
export class BlockScanner {
  /** The section without the empty line that ends it, once complete. */
  text = '';
  failure = '';
  readonly #limit: number;
  #held = '';
  #column = 0;
  #cr = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What has been read of a section that is still incomplete. */
  get partial(): string {
    return this.#held;
  }

  reset(): void {
    this.#held = '';
    this.#column = 0;
    this.#cr = false;
  }

  /** Takes the bytes from `start`; returns where the section ended (behind its empty line), MORE or BAD. */
  scan(bytes: Buffer, start: number, end: number): number {
    let column = this.#column;
    let cr = this.#cr;
    for (let at = start; at < end; at++) {
      const byte = bytes[at];
      if (byte === 10) {
        if (!cr) return this.#bad('a line ends without CR');
        if (column === 0) return this.#complete(bytes, start, at + 1);
        cr = false;
        column = 0;
      } else if (cr) return this.#bad('a CR is not followed by LF');
      else if (byte === 13) cr = true;
      else column++;
    }
    this.#column = column;
    this.#cr = cr;
    this.#held += bytes.toString('latin1', start, end);
    return this.#held.length > this.#limit ? this.#bad('too large') : MORE;
  }

  #complete(bytes: Buffer, start: number, end: number): number {
    const held = this.#held;
    if (held.length + end - start > this.#limit) return this.#bad('too large');
    // The empty line may have begun in an earlier read, so there it is cut off the joined text.
    this.text = held === ''
      ? bytes.toString('latin1', start, end - 2)
      : (held + bytes.toString('latin1', start, end)).slice(0, -2);
    this.reset();
    return end;
  }

  #bad(reason: string): number {
    this.failure = reason;
    return BAD;
  }
}
