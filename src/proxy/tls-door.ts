import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { readHello } from '../tls/client-hello.js';
import { peerOf } from '../tls/peer.js';
import type { Material } from '../tls/sites.js';
import type { Gateway } from './gateway.js';

/** What a listener that speaks TLS does with a connection. */
export interface TlsDoor {
  /** Application protocols in the order of preference. */
  readonly protocols: readonly string[];
  /** Takes a connection after its handshake. */
  serve(socket: TLSSocket): void;
  /** Takes one that does not speak TLS. */
  refuse(socket: Socket): void;
}

/**
 * Makes the handshakes of one listener. The name that a ClientHello asks for is read before anything is answered, so that
 * each site has a TLS server of its own: its certificates, its versions, its demand of a client's certificate. And its
 * own sessions: one that was begun for a name can never be resumed for another, whose demand it has not met.
 */
export class Handshakes {
  readonly #servers = new WeakMap<Material, Server>();

  constructor(private readonly gateway: Gateway, private readonly door: TlsDoor) {}

  /** Begins a handshake, with the certificates of the table that runs now. */
  begin(socket: Socket): void {
    const { gateway } = this;
    const { clients } = gateway.table.settings;
    gateway.openings.read(socket, clients.header, judge, (name) => {
      if (name === false) return this.door.refuse(socket);
      const { sites } = gateway.table.settings;
      const counted = sites.nameOf(name === null ? undefined : name);
      const site = counted === undefined ? undefined : sites.find(counted);
      if (site) this.#serverOf(site.material).emit('connection', socket);
      else socket.on('error', ignore).end(UNRECOGNIZED_NAME, () => socket.destroy());
    });
  }

  #serverOf(material: Material): Server {
    const known = this.#servers.get(material);
    if (known) return known;
    const { gateway, door } = this;
    const server = createServer({ ...material.options, ALPNProtocols: [...door.protocols], handshakeTimeout: HANDSHAKE_MS });
    server.on('secureConnection', (socket) => {
      // nobody would end it: it was no connection yet when all were
      if (gateway.openings.ended) return void socket.destroy();
      const asked = typeof socket.servername === 'string' ? socket.servername : undefined;
      gateway.peers.set(socket, peerOf(socket, gateway.table.settings.sites.nameOf(asked), material));
      door.serve(socket);
    });
    this.#servers.set(material, server);
    return server;
  }
}

/** Milliseconds from the ClientHello to the end of the handshake. */
const HANDSHAKE_MS = 10_000;

/** A fatal alert: `unrecognized_name` (RFC 6066, section 3). */
const UNRECOGNIZED_NAME = Buffer.from([0x15, 3, 1, 0, 2, 2, 112]);

const ignore = (): void => {};

/** The name that is asked for, null for none; false for what is no TLS. */
function judge(bytes: Buffer): string | null | false | undefined {
  const hello = readHello(bytes);
  if (hello.kind === 'partial') return undefined;
  return hello.kind === 'other' ? false : (hello.name ?? null);
}
