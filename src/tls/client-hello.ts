/** What the first bytes of a connection say: a ClientHello and the server name in it, no TLS at all, or not yet enough. */
export type Hello =
  | { readonly kind: 'hello'; readonly name: string | undefined }
  | { readonly kind: 'other' }
  | { readonly kind: 'partial' };

const PARTIAL: Hello = { kind: 'partial' };
const OTHER: Hello = { kind: 'other' };
const NAMELESS: Hello = { kind: 'hello', name: undefined };

/** More is no hello of an honest client: the largest of today come to a few kilobytes. */
const LARGEST = 16 * 1024;
/** Records that it may come in; each costs the reader something, however little is in it. */
const RECORDS = 256;
/** Bytes of a handshake message's type and length. */
const HEADER = 4;

/**
 * Reads the server name of a ClientHello (RFC 8446, section 4.1.2; RFC 6066, section 3). What is malformed beyond the
 * record and handshake headers counts as a hello without a name: OpenSSL, which reads it again, is the judge.
 */
export function readHello(bytes: Buffer): Hello {
  const handshake = handshakeOf(bytes);
  if (!Buffer.isBuffer(handshake)) return handshake;
  try {
    return { kind: 'hello', name: nameIn(new Reader(handshake)) };
  } catch {
    // it ends before it should
    return NAMELESS;
  }
}

/** The first handshake message, put together from its records. */
function handshakeOf(bytes: Buffer): Buffer | Hello {
  if (bytes.length > 0 && bytes[0] !== 0x16) return OTHER;
  const parts: Buffer[] = [];
  let [have, need] = [0, HEADER];
  for (let at = 0, size = 0; at < bytes.length; at += 5 + size) {
    if (bytes[at] !== 0x16 || parts.length === RECORDS) return OTHER;
    if (at + 5 > bytes.length) return PARTIAL;
    size = bytes.readUInt16BE(at + 3);
    const part = bytes.subarray(at + 5, at + 5 + size);
    parts.push(part);
    have += part.length;
    if (need === HEADER && have >= HEADER) need += lengthIn(Buffer.concat(parts, HEADER));
    // put together once only: that it is long must not make each of its records dear
    if (have >= need) return Buffer.concat(parts, need).subarray(HEADER);
    if (size === 0 || need > LARGEST) return OTHER;
  }
  return PARTIAL;
}

/** How many bytes follow the header of a ClientHello; no end of them for what is none. */
function lengthIn(header: Buffer): number {
  return header[0] === 1 ? header.readUIntBE(1, 3) : Infinity;
}

function nameIn(hello: Reader): string | undefined {
  hello.skip(2 + 32);
  hello.take(hello.byte());
  hello.take(hello.short());
  hello.take(hello.byte());
  const extensions = new Reader(hello.take(hello.short()));
  while (extensions.left > 0) {
    const type = extensions.short();
    const body = extensions.take(extensions.short());
    if (type === 0) return hostIn(new Reader(body));
  }
  return undefined;
}

function hostIn(list: Reader): string | undefined {
  const names = new Reader(list.take(list.short()));
  while (names.left > 0) {
    const type = names.byte();
    const name = names.take(names.short());
    if (type === 0) return name.toString('latin1');
  }
  return undefined;
}

/** Reads numbers and pieces in order; throws where the bytes end too soon. */
class Reader {
  #at = 0;

  constructor(private readonly bytes: Buffer) {}

  get left(): number {
    return this.bytes.length - this.#at;
  }

  byte(): number {
    this.#at += 1;
    return this.bytes.readUInt8(this.#at - 1);
  }

  short(): number {
    this.#at += 2;
    return this.bytes.readUInt16BE(this.#at - 2);
  }

  take(size: number): Buffer {
    this.skip(size);
    return this.bytes.subarray(this.#at - size, this.#at);
  }

  skip(size: number): void {
    if (size > this.left) throw new RangeError('it ends too soon');
    this.#at += size;
  }
}
