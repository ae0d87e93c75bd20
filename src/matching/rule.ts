import type { AddressList } from '../addresses.js';
import type { Expression } from '../expressions/expression.js';
import type { Exchange } from '../plugins/plugin.js';
import type { BodyNeed } from '../variables/variable.js';
import { hostTest } from './hosts.js';
import type { Pattern } from './pattern.js';

/** What routes are found for. */
export interface Subject extends Exchange {
  /** What stands for `:name` and `*name` in the path of the candidate that is tried. */
  parameters: ReadonlyMap<string, string> | undefined;
}

/** How a route is found. */
export interface Rule<R> {
  readonly route: R;
  readonly uris: readonly string[];
  /** Lower case; none means any host. */
  readonly hosts: readonly string[];
  readonly priority: number;
  /** All methods when undefined. */
  readonly methods?: ReadonlySet<string> | undefined;
  /** All addresses when undefined. */
  readonly addresses?: AddressList | undefined;
  readonly vars?: Expression | undefined;
}

/** Why a candidate does not take a request; conditions are tried in this order. */
export type Misfit = 'path' | 'method' | 'address' | 'host' | 'vars';

/** A route at one of its paths, as it is tried. Everything that a try looks at is here: each step further is a miss of the processor's caches. */
export class Candidate<R> {
  /** The next one at the same place. */
  next: Candidate<R> | undefined;
  readonly route: R;
  /** What the parameters of a path that fits stand for. */
  readonly capture: Pattern['capture'];
  readonly #fits: Pattern['fits'];
  readonly #methods: ReadonlySet<string> | undefined;
  readonly #addresses: AddressList | undefined;
  readonly #host: ((host: string) => boolean) | undefined;
  readonly #vars: Expression | undefined;

  constructor(rule: Rule<R>, { fits, capture }: Pattern, testsHost: boolean) {
    this.route = rule.route;
    this.capture = capture;
    this.#fits = fits;
    this.#methods = rule.methods;
    this.#addresses = rule.addresses;
    this.#host = testsHost ? hostTest(rule.hosts) : undefined;
    this.#vars = rule.vars;
  }

  /** Why it does not take a request, or what must be read before that can be told; undefined when it takes it. */
  misfit(x: Subject, path: string): Misfit | BodyNeed | undefined {
    if (this.#fits && !this.#fits(path)) return 'path';
    if (this.#methods && !this.#methods.has(x.method)) return 'method';
    if (this.#addresses && !this.#addresses.has(x.address)) return 'address';
    if (this.#host && !this.#host(x.host)) return 'host';
    const vars = this.#vars;
    if (!vars) return undefined;
    if (vars.needs && isUnread(x, vars.needs)) return vars.needs;
    x.parameters = this.capture?.(path);
    return vars.test(x) ? undefined : 'vars';
  }
}

/** What should be read whole and was too large is asked for again, and refused then. */
function isUnread({ details }: Exchange, need: BodyNeed): boolean {
  return !details.bodyKnown || (need === 'needs-body' && details.body === undefined);
}
