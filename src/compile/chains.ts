import { effective } from '../config/effective.js';
import type { LinkedConfig, PluginPlace } from '../config/linked.js';
import { authenticates, type Consumer, type Plugin } from '../plugins/plugin.js';
import { each, type Steps } from '../steps.js';
import { bindPlace, type BindContext, type BoundPlace } from './bind.js';
import { chain, exact, type Bound, type Chain } from './chain.js';
import { Overlays } from './overlays.js';

/** Makes the chains of a configuration. What is written once is compiled once, whoever inherits it. */
export class Chains {
  readonly #plugins: ReadonlyMap<string, Plugin>;
  readonly #global: readonly Bound[];

  private constructor(private readonly config: LinkedConfig, context: BindContext, private readonly bound: ReadonlyMap<PluginPlace, BoundPlace>) {
    this.#plugins = context.plugins;
    this.#global = this.pluginsOf(config.globalRules);
  }

  /** Compiles the plugins of every place. */
  static *of(config: LinkedConfig, context: BindContext): Steps<Chains> {
    const bound = yield* each(config.places, (place): [PluginPlace, BoundPlace] => [place, bindPlace(place, context)]);
    return new Chains(config, context, new Map(bound));
  }

  /** The plugins that are on, of places given strongest first. */
  pluginsOf(places: readonly PluginPlace[]): readonly Bound[] {
    const on: Bound[] = [];
    for (const bound of this.#speaking(places).values()) if (bound) on.push(bound);
    return exact(on);
  }

  /** The chain of a route with these plugins: global rules run before them. */
  of(own: readonly Bound[]): Chain {
    return chain(this.#besides(own), own);
  }

  /** What requests meet that no route takes. */
  get unrouted(): Chain {
    return chain(this.#global);
  }

  /** The plugins that consumers bring along; undefined when none does. */
  overlays(): Overlays | undefined {
    const { overlays } = this.config;
    if (overlays.size === 0) return undefined;
    // consumers that have nothing but their group share its chains
    const shared = new Map<PluginPlace, BoundPlace>();
    const byConsumer = new Map<Consumer, BoundPlace>();
    for (const [consumer, places] of overlays) {
      const [first, second] = places;
      const known = first && !second ? shared.get(first) : undefined;
      const overlay = known ?? this.#overlay(places);
      if (first && !second) shared.set(first, overlay);
      byConsumer.set(consumer, overlay);
    }
    return new Overlays(byConsumer, (own, added) => ({ ...chain(this.#besides(own), own), rewrite: chain(added).rewrite }));
  }

  /** Who calls is known by then: auth plugins have no part in it. */
  #overlay(places: readonly PluginPlace[]): BoundPlace {
    return new Map([...this.#speaking(places)].filter(([name]) => !this.#isAuth(name)));
  }

  #isAuth(name: string): boolean {
    const plugin = this.#plugins.get(name);
    return plugin !== undefined && authenticates(plugin);
  }

  /** The global rules that run besides a route's own plugins. */
  #besides(own: readonly Bound[]): readonly Bound[] {
    return this.#global.filter(({ plugin: name }) => this.#plugins.get(name)?.prefersRoute !== true || !own.some(({ plugin }) => plugin === name));
  }

  #speaking(places: readonly PluginPlace[]): BoundPlace {
    const [first] = places;
    if (!first) return NONE;
    if (places.length === 1) return this.bound.get(first) ?? NONE;
    return new Map([...effective(places)].map(([name, place]) => [name, this.bound.get(place)?.get(name)]));
  }
}

const NONE: BoundPlace = new Map();
