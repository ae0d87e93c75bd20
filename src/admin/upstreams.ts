import type { Node, Upstream } from '../upstream/upstream.js';

/** The body of `GET /status/upstreams`. */
export function upstreamsStatus(upstreams: readonly Upstream[]): object {
  return { upstreams: upstreams.map(({ owner, type, members }) => ({ upstream: owner, type, nodes: members.nodes.map(nodeStatus) })) };
}

function nodeStatus({ host, address, port, weight, priority, load, pool, health }: Node): object {
  const { open, idle } = pool.stats();
  return {
    host, address, port, weight, priority,
    in_flight: load.inFlight,
    connections: { open, idle },
    // null: nobody checks
    healthy: health ? health.up : null,
    ...(health && { since: health.since.toISOString(), counters: health.counters }),
  };
}
