import type { GatewayConfig } from '../schema/gateway.js';

/** What the file says about where to listen. */
type Places = Pick<GatewayConfig, 'listen' | 'admin'>;

/** The flags that replace what the file says about where to listen. */
export interface PlaceFlags {
  readonly listen?: readonly string[];
  readonly admin?: string;
}

/** Where clients are served. */
export function servingPlaces(flags: PlaceFlags, block: Places): readonly string[] {
  const { listen } = block;
  return flags.listen ?? (typeof listen === 'string' ? [listen] : listen);
}

/** Where the gateway tells of itself; nowhere when it is switched off. */
export function adminPlaces(flags: PlaceFlags, block: Places): readonly string[] {
  if (flags.admin !== undefined) return flags.admin === 'off' ? [] : [flags.admin];
  if (block.admin === false) return [];
  return [typeof block.admin === 'object' ? block.admin.listen : '127.0.0.1:9180'];
}

/** The fields that name other places than those opened at the start: they wait for the next one. */
export function movedPlaces(flags: PlaceFlags, opened: Places, now: Places): readonly string[] {
  return [
    ...(same(servingPlaces(flags, opened), servingPlaces(flags, now)) ? [] : ['gateway.listen']),
    ...(same(adminPlaces(flags, opened), adminPlaces(flags, now)) ? [] : ['gateway.admin']),
  ];
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.join(' ') === b.join(' ');
