import type { LinkedUpstream } from '../config/linked.js';
import { portOf } from '../schema/schemes.js';
import type { Scope } from '../state/store.js';
import { formatAddress } from '../upstream/address.js';
import type { Place } from '../upstream/live.js';
import { NodeLoad } from '../upstream/load.js';
import { poolKey, type Connect, type NodeConnection } from '../upstream/pool.js';
import type { TlsMaterial } from '../upstream/tls.js';
import type { Node } from '../upstream/upstream.js';
import type { MakeHealth } from './compile-health.js';

/** How the nodes of an upstream are made, wherever they are. */
export function nodeMaker({ config, owner }: LinkedUpstream, tls: TlsMaterial | undefined, health: MakeHealth | undefined, connect: Connect): (place: Place, scope: Scope) => Node {
  const keep = config.keepalive_pool;
  const options = { tls, http2: config.scheme === 'grpc' || config.scheme === 'grpcs', size: keep?.size ?? 320, idleTimeout: (keep?.idle_timeout ?? 60) * 1000, requests: keep?.requests ?? 1000 };
  const standard = portOf(config.scheme);
  return (place, scope) => {
    const { host, address, port } = place;
    const connection: NodeConnection = { host, address, port, ...options };
    return Object.freeze({
      ...place,
      authority: formatAddress(host, port === standard ? undefined : port),
      pool: scope.retain(poolKey(connection), () => connect(connection)),
      load: scope.retain(`load ${owner} ${formatAddress(address, port)}`, () => new NodeLoad()),
      health: health?.(place, scope),
    });
  };
}
