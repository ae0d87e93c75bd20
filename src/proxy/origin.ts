import { isIP } from 'node:net';
import { parseAddress } from '../upstream/address.js';
import type { Exchange } from './exchange.js';

/** Where a request comes from, as far as what stands before the gateway is believed. */
export interface Origin {
  /** The client's address. */
  readonly address: string;
  /** X-Forwarded-For: the believed hops, and the peer. */
  readonly chain: string;
  readonly proto: string;
  readonly host: string;
  readonly port: string;
  /** Forwarded (RFC 7239), as a believed peer says it. */
  readonly forwarded: string | undefined;
  /** The peer is a proxy that is believed. */
  readonly isBelieved: boolean;
}

/** The origin of a request: what its connection says, and of a trusted peer what that says. */
export function originOf(x: Exchange): Origin {
  const { socket } = x.req;
  const peer = plainAddress(socket.remoteAddress ?? '');
  const { trusts } = x.table.settings;
  const own = { address: peer, chain: peer, proto: 'encrypted' in socket ? 'https' : 'http', host: x.authority, port: portOf(x.authority) ?? String(socket.localPort ?? ''), forwarded: undefined, isBelieved: false };
  return trusts?.(peer) ? believed(x, own, trusts) : own;
}

/** What a trusted peer says goes before what the connection says; each header by itself. */
function believed(x: Exchange, own: Origin, trusts: (address: string) => boolean): Origin {
  const said = (name: string): string | undefined => x.headerValues(name).filter((value) => value !== '').join(', ') || undefined;
  const hops = said('x-forwarded-for')?.split(',').map((hop) => hop.trim()).filter((hop) => hop !== '') ?? [];
  // proxies add to the hops, and many pass a client's X-Real-IP on: it counts where there are no hops
  const real = hops.length === 0 ? addressIn(said('x-real-ip') ?? '') : undefined;
  return {
    address: real ?? furthest(hops, own.address, trusts),
    chain: [...hops, own.address].join(', '),
    proto: said('x-forwarded-proto') ?? own.proto,
    host: said('x-forwarded-host') ?? own.host,
    port: said('x-forwarded-port') ?? own.port,
    forwarded: said('forwarded'),
    isBelieved: true,
  };
}

/** The right-most hop that is not trusted: those left of it could be anybody's invention, and so could what is no address. */
function furthest(hops: readonly string[], peer: string, trusts: (address: string) => boolean): string {
  let address = peer;
  for (const hop of hops.toReversed()) {
    const at = addressIn(hop);
    if (at === undefined) break;
    address = at;
    if (!trusts(at)) break;
  }
  return address;
}

/** The address of a hop; some proxies write its port as well. */
function addressIn(hop: string): string | undefined {
  const host = parseAddress(hop)?.host ?? hop;
  return isIP(host) > 0 ? plainAddress(host) : undefined;
}

/**
 * An address as others know it: without the zone, which is a host's own word for one of its interfaces (RFC 4007, section
 * 11), and an IPv4 address that came over an IPv6 socket as what it is.
 */
function plainAddress(address: string): string {
  const zone = address.indexOf('%');
  const plain = zone < 0 ? address : address.slice(0, zone);
  return /^::ffff:.*\./i.test(plain) ? plain.slice(7) : plain;
}

function portOf(authority: string): string | undefined {
  const mark = authority.lastIndexOf(':');
  // the last colon of an IPv6 address is within its brackets
  return mark >= 0 && !authority.endsWith(']') ? authority.slice(mark + 1) || undefined : undefined;
}
