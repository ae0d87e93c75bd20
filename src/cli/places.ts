import type { GatewayConfig } from '../schema/gateway.js';

/** What the file says about where to listen. */
type Places = Pick<GatewayConfig, 'listen' | 'admin'>;

/** The flags that replace what the file says about where to listen. */
export interface PlaceFlags {
  readonly listen?: readonly string[];
  readonly admin?: string;
}

/** Where clients are served, and how they are spoken to. */
export interface Place {
  /** `host:port`. */
  readonly address: string;
  readonly tls: boolean;
  readonly http2: boolean;
}

/** Where clients are served. */
export function servingPlaces(flags: PlaceFlags, { listen }: Places): readonly Place[] {
  const entries = flags.listen ?? (typeof listen === 'string' ? [listen] : listen);
  return entries.map((entry) => (typeof entry === 'string' ? plainPlace(entry) : { http2: entry.tls, ...entry }));
}

/** A place that speaks HTTP/1.1 in plain text. */
export const plainPlace = (address: string): Place => ({ address, tls: false, http2: false });

/** Where the gateway tells of itself; nowhere when it is switched off. */
export function adminPlaces(flags: PlaceFlags, block: Places): readonly Place[] {
  if (flags.admin !== undefined) return flags.admin === 'off' ? [] : [plainPlace(flags.admin)];
  if (block.admin === false) return [];
  return [plainPlace(typeof block.admin === 'object' ? block.admin.listen : '127.0.0.1:9180')];
}

/** The fields that name other places than those opened at the start: they wait for the next one. */
export function movedPlaces(flags: PlaceFlags, opened: Places, now: Places): readonly string[] {
  return [
    ...(same(servingPlaces(flags, opened), servingPlaces(flags, now)) ? [] : ['gateway.listen']),
    ...(same(adminPlaces(flags, opened), adminPlaces(flags, now)) ? [] : ['gateway.admin']),
  ];
}

const same = (a: readonly Place[], b: readonly Place[]): boolean => words(a) === words(b);

const words = (places: readonly Place[]): string => places.map(({ address, tls, http2 }) => `${address} ${tls} ${http2}`).join();
