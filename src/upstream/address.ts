import { isIPv6 } from 'node:net';

/** A host and, where it was written, a port. */
export interface Address {
  /** Without brackets. */
  readonly host: string;
  readonly port: number | undefined;
}

/** Splits `host`, `host:port`, `[::1]:port` or a bare IPv6 address; undefined when it is none of these. */
export function parseAddress(text: string): Address | undefined {
  if (isIPv6(text)) return { host: text, port: undefined };
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([\p{L}\p{M}\p{N}_.*-]+))(?::(\d{1,5}))?$/u.exec(text);
  if (!match || (match[1] !== undefined && !isIPv6(match[1]))) return undefined;
  const port = match[3] === undefined ? undefined : Number(match[3]);
  if (port !== undefined && (port < 1 || port > 65535)) return undefined;
  return { host: match[1] ?? match[2] ?? '', port };
}

/** Writes a host and port as they stand in a Host header. */
export function formatAddress(host: string, port?: number): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === undefined ? name : `${name}:${port}`;
}

/** A host name as hosts are compared: lower case, without the root's dot, an IPv6 address in its shortest form. */
export function canonicalHost(name: string): string {
  if (name.startsWith('[')) return URL.canParse(`http://${name}`) ? new URL(`http://${name}`).hostname : name.toLowerCase();
  const lower = name.toLowerCase();
  return lower.endsWith('.') && lower.length > 1 ? lower.slice(0, -1) : lower;
}
