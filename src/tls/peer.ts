import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { Demand, Material, Sites } from './sites.js';

/** What the handshake of a connection came to. */
export interface Peer {
  /** The name that was asked for. */
  readonly name: string | undefined;
  /** What the client was asked to show, if anything. */
  readonly demand: Demand | undefined;
  /** Whether it has shown that. */
  readonly verified: boolean;
}

/** Judges a finished handshake. */
export function peerOf(socket: TLSSocket, name: string | undefined, { demand }: Material): Peer {
  return { name, demand, verified: demand !== undefined && socket.authorized && depthOf(socket) <= demand.depth };
}

/** How many certificates stand between the client's own and the authority that is believed. */
function depthOf(socket: TLSSocket): number {
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  let count = 0;
  const seen = new Set<string>();
  while (certificate?.fingerprint256 !== undefined && !seen.has(certificate.fingerprint256)) {
    seen.add(certificate.fingerprint256);
    count++;
    certificate = certificate.issuerCertificate;
  }
  return Math.max(0, count - 2);
}

/**
 * Whether a connection may serve a request for a host and a decoded path. A site that demands a certificate is served
 * on connections that asked for that very name and have met what it demands now; and a connection that was made for
 * such a name serves no other.
 */
export function isAdmitted({ name, demand, verified }: Peer, sites: Sites, host: string, path: string): boolean {
  const wanted = sites.find(host)?.material.demand;
  if (!wanted && !demand) return true;
  if (name !== host) return false;
  if (!wanted || wanted.free.some((pattern) => pattern.test(path))) return true;
  return verified && demand?.digest === wanted.digest;
}
