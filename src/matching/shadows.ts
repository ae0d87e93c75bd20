import { each, type Steps } from '../steps.js';
import { inOrder } from './matcher.js';
import type { Rule } from './rule.js';

/** A path of a route that no request comes to, because another route takes them all before. */
export interface Shadow<R> {
  readonly rule: Rule<R>;
  /** Which of its paths. */
  readonly uri: number;
  readonly by: Rule<R>;
  /** They take the same requests, and nothing but their order in the file decides. */
  readonly isDuplicate: boolean;
}

/** What of a rule besides its paths, hosts and methods decides, as a text that is the same for the same conditions; '' for none. */
export type ConditionsOf<R> = (rule: Rule<R>) => string;

/**
 * The paths that are never reached. Told are those where each request is taken before by a route of the very same path
 * and host that asks for no more; what a longer path or another host leaves over is not looked at.
 */
export function* shadows<R>(rules: readonly Rule<R>[], conditionsOf: ConditionsOf<R>, byHost: boolean): Steps<Shadow<R>[]> {
  const asksOf = numbered<R>((rule) => conditionsOf(rule) + (byHost || rule.hosts.length === 0 ? '' : `\n${rule.hosts.toSorted().join(' ')}`));
  const takers = new Takers<R>(asksOf);
  const found: Shadow<R>[] = [];
  yield* each(inOrder(rules), (rule) => {
    const hosts = byHost && rule.hosts.length > 0 ? rule.hosts : [''];
    rule.uris.forEach((uri, i) => {
      const before = hosts.map((host) => takers.take(host === '' ? uri : `${host}\n${uri}`, rule));
      const [by] = before;
      if (!by || before.includes(undefined)) return;
      found.push({ rule, uri: i, by, isDuplicate: by.priority === rule.priority && asksOf(by) === asksOf(rule) && sameMethods(by, rule) });
    });
  });
  return found;
}

/** A number in place of each text: it may be long, and is asked for at each place of its rule. */
function numbered<R>(textOf: ConditionsOf<R>): ConditionsOf<R> {
  const numbers = new Map<string, string>([['', '']]);
  const known = new Map<Rule<R>, string>();
  return (rule) => {
    const before = known.get(rule);
    if (before !== undefined) return before;
    const text = textOf(rule);
    const number = numbers.get(text) ?? String(numbers.size);
    numbers.set(text, number);
    known.set(rule, number);
    return number;
  };
}

/** Who takes what first, of the rules so far. */
class Takers<R> {
  /** Most places are one rule's: what it asks for is looked at once another one comes. */
  readonly #places = new Map<string, Rule<R> | Place<R>>();

  constructor(private readonly conditionsOf: ConditionsOf<R>) {}

  /** Lets a rule take its requests at a place; gives the one that takes them all before. */
  take(at: string, rule: Rule<R>): Rule<R> | undefined {
    const known = this.#places.get(at);
    if (known instanceof Place) return known.take(rule, this.conditionsOf(rule));
    if (!known) {
      this.#places.set(at, rule);
      return undefined;
    }
    const place = new Place<R>();
    this.#places.set(at, place);
    place.take(known, this.conditionsOf(known));
    return place.take(rule, this.conditionsOf(rule));
  }
}

/** A place that several rules share. */
class Place<R> {
  /** Who takes a method first, by conditions and method; `''` stands for none, and for all methods. */
  readonly #first = new Map<string, Rule<R>>();

  take(rule: Rule<R>, conditions: string): Rule<R> | undefined {
    const by = this.#before('', rule) ?? (conditions === '' ? undefined : this.#before(conditions, rule));
    for (const method of rule.methods ?? ['']) {
      const own = `${conditions}\n${method}`;
      if (!this.#first.has(own)) this.#first.set(own, rule);
    }
    return by;
  }

  #before(conditions: string, { methods }: Rule<R>): Rule<R> | undefined {
    const any = this.#first.get(`${conditions}\n`);
    if (any || !methods) return any;
    const each = [...methods].map((method) => this.#first.get(`${conditions}\n${method}`));
    return each.includes(undefined) ? undefined : each[0];
  }
}

function sameMethods<R>({ methods: a }: Rule<R>, { methods: b }: Rule<R>): boolean {
  return a === b || (a !== undefined && b !== undefined && a.size === b.size && [...a].every((method) => b.has(method)));
}
