import type { UpstreamFault } from '../http1/index.js';
import type { Node, Upstream } from '../upstream/upstream.js';
import type { Exchange } from './exchange.js';
import { FAULT_STATUS, faultOf } from './fault.js';

/** Methods that may be sent again after a part of the request has left (RFC 9110, section 9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** What was tried for one request, and whether and where to try again. */
export class Attempts {
  /** The status that each failed attempt comes to. */
  readonly statuses: number[] = [];
  /** Another attempt was due, and `retry_timeout` had passed. */
  late = false;
  readonly #upstream: Upstream;
  readonly #idempotent: boolean;
  readonly #tried = new Set<Node>();
  /** Nodes that were asked again on a fresh connection. */
  readonly #freshened = new Set<Node>();
  readonly #most: number;
  readonly #deadline: number;

  /** To be made with the first attempt where there is a `retry_timeout`, which counts from there; else with the first fault. */
  constructor(private readonly x: Exchange, upstream: Upstream, method: string) {
    this.#upstream = upstream;
    this.#most = upstream.retries ?? upstream.members.nodes.length - 1;
    this.#idempotent = IDEMPOTENT.has(method);
    this.#deadline = upstream.retryTimeout > 0 ? performance.now() + upstream.retryTimeout : Infinity;
  }

  /** The node to try after a fault of another, or the same for a fresh connection to it; undefined when that fault is the answer. */
  after(node: Node | undefined, fault: UpstreamFault): Node | undefined {
    if (!node || fault.responseStarted || (fault.bytesSent > 0 && !this.#idempotent)) return undefined;
    if (fault.kind === 'protocol' || fault.kind === 'request') return undefined;
    // a kept connection that the upstream had closed: no fault of the node, so it is asked once more on a fresh one
    if (fault.retryable && !this.#freshened.has(node)) {
      this.#freshened.add(node);
      return node;
    }
    this.#tried.add(node);
    if (this.#tried.size > this.#most) return undefined;
    const next = this.#upstream.balancer.pick(this.x, this.#tried);
    this.late = next !== undefined && performance.now() >= this.#deadline;
    if (!next || this.late) return undefined;
    this.statuses.push(FAULT_STATUS[faultOf(fault)]);
    return next;
  }
}
