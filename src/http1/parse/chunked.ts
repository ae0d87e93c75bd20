const SIZE = 0;
const EXTENSION = 1;
const SIZE_LF = 2;
const DATA = 3;
const DATA_CR = 4;
const DATA_LF = 5;
const LAST = 6;

/** Bytes of chunk extensions that a response may spend; they mean nothing to anyone (RFC 9112 section 7.1.1). */
const MAX_EXTENSIONS = 16 * 1024;

/**
 * The framing of a chunked body (RFC 9112 section 7.1), a byte at a time. The data between is the
 * caller's to take: `left` tells how much there is.
 */
export class ChunkedDecoder {
  /** Bytes of the current chunk that the caller has not taken. */
  left = 0;
  failure: string | undefined;
  #state = SIZE;
  #digits = 0;
  #extensions = 0;

  /** Whether the last chunk has passed, so that the trailer section follows. */
  get last(): boolean {
    return this.#state === LAST;
  }

  reset(): void {
    this.left = 0;
    this.failure = undefined;
    this.#state = SIZE;
    this.#digits = 0;
    this.#extensions = 0;
  }

  /** Reads framing until data or the last chunk is reached; returns where it stopped. */
  skip(bytes: Buffer, at: number, end: number): number {
    while (at < end && this.failure === undefined && this.#state !== DATA && this.#state !== LAST) {
      this.#byte(bytes[at++] ?? 0);
    }
    return at;
  }

  /** Notes that the caller has taken `count` bytes of the chunk. */
  take(count: number): void {
    this.left -= count;
    if (this.left === 0) this.#state = DATA_CR;
  }

  #byte(byte: number): void {
    switch (this.#state) {
      case SIZE: return this.#size(byte);
      case EXTENSION: return this.#extension(byte);
      case SIZE_LF: return this.#expect(byte, 10, this.left === 0 ? LAST : DATA);
      case DATA_CR: return this.#expect(byte, 13, DATA_LF);
      default:
        this.#digits = 0;
        return this.#expect(byte, 10, SIZE);
    }
  }

  #size(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      this.left = this.left * 16 + digit;
      this.#digits++;
      // Counted too, so that leading zeros come to an end.
      if (this.left > Number.MAX_SAFE_INTEGER || this.#digits > 16) this.failure = 'chunk size too large';
    } else if (this.#digits === 0) this.failure = 'invalid chunk size';
    else if (byte === 59) this.#state = EXTENSION;
    else this.#expect(byte, 13, SIZE_LF);
  }

  #extension(byte: number): void {
    if (byte === 13) this.#state = SIZE_LF;
    else if ((byte < 32 && byte !== 9) || byte === 127) this.failure = 'invalid chunk extension';
    else if (++this.#extensions > MAX_EXTENSIONS) this.failure = 'chunk extensions too large';
  }

  #expect(byte: number, expected: number, next: number): void {
    if (byte === expected) this.#state = next;
    else this.failure = 'invalid chunk';
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
