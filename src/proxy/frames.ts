/**
 * Follows one direction of a WebSocket from frame to frame (RFC 6455, section 5.2), to know where another frame may be
 * put in. It looks at headers only, and keeps nothing.
 */
export class FrameCursor {
  /** A Close frame has begun: no other may follow it. */
  closing = false;
  /** Bytes of the header read so far, and how many it has as far as it is known. */
  #seen = 0;
  #size = SHORT;
  /** Bytes of the length that follow the short header. */
  #extended = 0;
  /** Bytes of the payload still to come. */
  #left = 0;

  /** Whether the next byte begins a frame. */
  get between(): boolean {
    return this.#seen === 0;
  }

  /** Passes over all of a chunk. */
  advance(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) at = this.next(chunk, at);
  }

  /** Passes over the frame under way, or the one that begins at `from`; returns where it ends, or the chunk does. */
  next(chunk: Buffer, from: number): number {
    let at = from;
    while (this.#seen < this.#size) {
      const byte = chunk[at];
      if (byte === undefined) return at;
      this.#header(byte);
      at++;
    }
    const step = Math.min(this.#left, chunk.length - at);
    this.#left -= step;
    if (this.#left === 0) {
      this.#seen = 0;
      this.#size = SHORT;
    }
    return at + step;
  }

  #header(byte: number): void {
    const place = this.#seen++;
    if (place === 0) this.closing ||= (byte & 0x0f) === CLOSE;
    else if (place === 1) this.#short(byte);
    else if (place < SHORT + this.#extended) this.#left = this.#left * 256 + byte;
  }

  #short(byte: number): void {
    const length = byte & 0x7f;
    this.#extended = length === 126 ? 2 : length === 127 ? 8 : 0;
    this.#left = this.#extended > 0 ? 0 : length;
    this.#size = SHORT + this.#extended + (byte & 0x80 ? MASK : 0);
  }
}

const SHORT = 2;
const MASK = 4;
const CLOSE = 8;

/** A server's Close frame with a code (RFC 6455, section 7.4). */
export function closeFrame(code: number): Buffer {
  return Buffer.from([0x80 | CLOSE, 2, code >> 8, code & 0xff]);
}
