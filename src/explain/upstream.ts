import { isSecretHeader } from '../config/secret-names.js';
import type { LinkedRoute } from '../config/linked.js';
import type { ExplainedUpstream } from './explanation.js';
import type { Scene } from './scene.js';

/** Where the request goes, and what arrives there. */
export function upstreamOf({ observed: { exchange, received }, document, mask }: Scene, route: LinkedRoute | undefined): ExplainedUpstream | undefined {
  const linked = route?.upstream;
  const upstream = exchange?.route?.upstream;
  if (!linked || !upstream) return undefined;
  const sent = received.at(-1);
  return {
    id: linked.owner.replace(/^upstream\//, ''), place: document.locate(linked.path), scheme: linked.config.scheme, type: linked.config.type,
    nodes: upstream.members.nodes.map(({ authority, weight, priority }) => ({ node: authority, weight, priority })),
    sent: sent && { node: sent.node, method: sent.method, target: mask(sent.target), headers: pairs(sent.rawHeaders).map(([name, value]) => [name, isSecretHeader(name) ? '********' : mask(value)] as const) },
  };
}

const pairs = (raw: readonly string[]): [string, string][] => raw.flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, raw[i + 1] ?? '']] : []));
