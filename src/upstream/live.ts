import type { Exchange } from '../plugins/plugin.js';
import type { Owned, Scope } from '../state/store.js';
import type { Balancer, Balancing, Keep } from './balancers/balancer.js';
import { balance } from './balancers/priorities.js';
import type { Lookup } from './resolve/lookup.js';
import type { Members, Node } from './upstream.js';

/** Where a node is: what a configured node, or an address that its name stands for, comes to. */
export interface Place {
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  readonly priority: number;
}

/** Where the nodes of an upstream come from: as written, or by looking a name up. */
export interface Source {
  readonly lookup: Lookup | undefined;
  places(): readonly Place[];
}

/** What Live stands on. */
export interface LiveContext {
  /** `upstream/orders`. */
  readonly owner: string;
  readonly sources: readonly Source[];
  readonly balancing: Balancing;
  /** Makes a node, which leases what it needs from a scope. */
  readonly makeNode: (place: Place, scope: Scope) => Node;
  readonly scope: Scope;
}

/** The nodes of an upstream that change while it runs: names stand for other addresses, nodes become unhealthy. */
export class Live implements Members, Balancer, Owned {
  #nodes: readonly Node[] = [];
  #inner: Balancer = NOBODY;
  /** Nodes that keep their place, and are not asked. */
  #passedOver: ReadonlySet<Node> | undefined;
  #leases: Scope | undefined;
  #ends: readonly (() => void)[] = [];
  #healthEnds: readonly (() => void)[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(private readonly context: LiveContext) {
    this.#renew();
  }

  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  pick(x: Exchange, tried?: ReadonlySet<Node>): Node | undefined {
    const over = this.#passedOver;
    return this.#inner.pick(x, over && tried ? new Set([...over, ...tried]) : over ?? tried);
  }

  /** Calls back once every name was looked up, or after so many milliseconds; false when that is over. */
  wait(then: () => void, most: number): boolean {
    if (this.#settled) return false;
    const timer = setTimeout(() => end(), most).unref();
    const end = (): void => {
      clearTimeout(timer);
      this.#waiting.delete(end);
      then();
    };
    this.#waiting.add(end);
    return true;
  }

  start(): void {
    const lookups = this.context.sources.flatMap(({ lookup }) => lookup ?? []);
    this.#ends = lookups.map((lookup) => lookup.subscribe(() => this.#learn()));
    this.#learn();
  }

  close(): void {
    for (const end of [...this.#ends, ...this.#healthEnds]) end();
    for (const end of [...this.#waiting]) end();
  }

  get #settled(): boolean {
    return this.context.sources.every(({ lookup }) => lookup?.settled ?? true);
  }

  #learn(): void {
    this.#renew();
    if (this.#settled) for (const end of [...this.#waiting]) end();
  }

  /** Makes the nodes anew; those that stay are the same objects, and keep what they hold. */
  #renew(): void {
    const { sources, makeNode, scope } = this.context;
    const [old, leases] = [this.#leases, scope.part()];
    const known = new Map(this.#nodes.map((node) => [keyOf(node), node]));
    const places = merged(sources.flatMap((source) => source.places()));
    const nodes = places.map((place) => makeNode(place, leases)).map((node) => known.get(keyOf(node)) ?? node);
    this.#leases = leases;
    for (const end of this.#healthEnds) end();
    this.#healthEnds = nodes.flatMap(({ health }) => health?.subscribe(() => this.#select()) ?? []);
    const same = nodes.length === this.#nodes.length && nodes.every((node, i) => node === this.#nodes[i]);
    this.#nodes = nodes;
    if (!same) this.#inner = NOBODY;
    this.#select();
    old?.release();
  }

  /** Leaves unhealthy nodes out, unless all are. */
  #select(): void {
    const { owner, balancing: { make, keepsPlaces } } = this.context;
    const weighty = this.#nodes.length > 1 ? this.#nodes.filter(({ weight }) => weight > 0) : [];
    const down = new Set(weighty.filter(({ health }) => health?.up === false));
    const some = down.size > 0 && down.size < weighty.length;
    this.#passedOver = some && keepsPlaces ? down : undefined;
    if (keepsPlaces && this.#inner !== NOBODY) return;
    if (some && !keepsPlaces) this.#inner = balance(this.#nodes.filter((node) => !down.has(node)), make, forget);
    else this.#inner = balance(this.#nodes, make, (key, create) => this.#leases?.retain(`balancer ${owner} ${key}`, create) ?? create());
  }
}

/** Which nodes are healthy changes too often for each turn to be kept. */
const forget: Keep = (_, create) => create();

const NOBODY: Balancer = { pick: () => undefined };

const keyOf = ({ host, address, port, weight, priority }: Place): string => `${host} ${address} ${port} ${weight} ${priority}`;

/** Of one place that was found twice the weights add up. */
function merged(places: readonly Place[]): Place[] {
  const byKey = new Map<string, Place>();
  for (const place of places) {
    const key = keyOf({ ...place, weight: 0 });
    const before = byKey.get(key);
    byKey.set(key, before ? { ...place, weight: before.weight + place.weight } : place);
  }
  return [...byKey.values()];
}
