/** Headers that mean something between two neighbours only (RFC 9110, section 7.6.1), and what has the same fate. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'proxy-authenticate', 'te', 'trailer',
  'transfer-encoding', 'upgrade', 'http2-settings', 'expect',
]);

/** The gateway's own words about a request; so is every other name that begins with `x-consumer-`. */
export const GATEWAYS_OWN: ReadonlySet<string> = new Set([
  'forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'x-real-ip',
  'x-consumer-username', 'x-credential-identifier', 'x-consumer-custom-id',
]);

/** Framing and host: never dropped on anybody's word. To drop them would let a client smuggle a request. */
export const FRAMING: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'host']);

/** Whether a header of this name (lower case) can carry nothing of a client's own, such as a credential. */
export function isReserved(name: string): boolean {
  return HOP_BY_HOP.has(name) || GATEWAYS_OWN.has(name) || FRAMING.has(name) || name.startsWith('x-consumer-');
}

/** A header's value as it goes over the wire: UTF-8, each byte a character, control characters percent-encoded. */
export function headerText(value: string): string {
  if (/^[\t\x20-\x7e]*$/.test(value)) return value;
  const encoded = value.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return Buffer.from(encoded).toString('latin1');
}
