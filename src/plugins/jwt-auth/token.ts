/** A JSON Web Token that was read, and not yet verified. */
export interface Token {
  /** What it says its signature is. */
  readonly algorithm: string;
  readonly claims: Claims;
  /** What is signed. */
  readonly signed: string;
  /** As sent. */
  readonly signature: string;
}

/** What a token says. */
export type Claims = Readonly<Record<string, unknown>>;

/** The longest token that is looked at. */
const MAX_LENGTH = 16 * 1024;

/**
 * Reads a token in its compact form (RFC 7515, section 3.1): undefined for what is none. Which key verifies it is never
 * the token's to say: of its header only the algorithm and the type are looked at, and extensions that must be understood
 * are not.
 */
export function readToken(text: string): Token | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const [head = '', body = '', signature, more] = text.split('.', 4);
  if (signature === undefined || more !== undefined) return undefined;
  const header = objectIn(head);
  const claims = objectIn(body);
  if (!header || !claims || !isPlainJwt(header)) return undefined;
  return { algorithm: header['alg'], claims, signed: `${head}.${body}`, signature };
}

function isPlainJwt(header: Claims): header is Claims & { readonly alg: string } {
  const { alg, typ } = header;
  return typeof alg === 'string' && (typ === undefined || (typeof typ === 'string' && typ.toUpperCase() === 'JWT')) && !Object.hasOwn(header, 'crit');
}

function objectIn(part: string): Claims | undefined {
  const bytes = bytesIn(part);
  if (!bytes) return undefined;
  try {
    const value: unknown = JSON.parse(UTF_8.decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.freeze(value as Claims) : undefined;
  } catch {
    // it is the client's text: what is no JSON is no token
    return undefined;
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** The bytes that a text in base64url (without padding) stands for; undefined for what no encoder makes. */
export function bytesIn(text: string): Buffer | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
