import type { UpstreamConfig } from '../../schema/upstream.js';
import type { Balancing } from './balancer.js';
import { consistentHash, type HashKey } from './chash.js';
import { fastest } from './ewma.js';
import { leastConnections } from './least-conn.js';
import { roundRobin } from './roundrobin.js';

/** How an upstream's `type` says that nodes are picked; `key`: what `chash` hashes. */
export function balancingOf(type: UpstreamConfig['type'], key: HashKey): Balancing {
  switch (type) {
    case 'roundrobin': return { make: roundRobin, keepsPlaces: false };
    case 'least_conn': return { make: leastConnections, keepsPlaces: false };
    case 'ewma': return { make: fastest, keepsPlaces: false };
    case 'chash': return consistentHash(key);
  }
}
