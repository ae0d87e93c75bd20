import { addressList, type AddressList } from '../addresses.js';
import type { LinkedRoute } from '../config/linked.js';
import type { Report } from '../config/report.js';
import { expression } from '../expressions/expression.js';
import type { Rule } from '../matching/rule.js';
import { canonicalHost } from '../upstream/address.js';
import type { Route } from './route.js';

/** Sets of methods, one for each list that routes have: most have one of a few. */
export class MethodSets {
  readonly #known = new Map<string, ReadonlySet<string>>();

  of(methods: readonly string[]): ReadonlySet<string> {
    const list = methods.join();
    const known = this.#known.get(list) ?? new Set(methods);
    this.#known.set(list, known);
    return known;
  }
}

/** How a route is found; without a report when all of it is known to be right. */
export function ruleOf(linked: LinkedRoute, route: Route, methodSets: MethodSets, report?: Report): Rule<Route> {
  const { config, hosts } = linked;
  return {
    route,
    uris: config.uris ?? (config.uri === undefined ? [] : [config.uri]),
    hosts: hosts.map(canonicalHost),
    priority: config.priority,
    // none listed means all, as in APISIX: a guard must not vanish for an empty list
    methods: config.methods?.length ? methodSets.of(config.methods) : undefined,
    addresses: addressesOf(linked, report),
    vars: varsOf(linked, report),
  };
}

function addressesOf({ config, path }: LinkedRoute, report: Report | undefined): AddressList | undefined {
  const { remote_addr: one, remote_addrs: several } = config;
  const entries = several ?? (one === undefined ? [] : [one]);
  if (entries.length === 0) return undefined;
  return addressList(entries, (i) => {
    report?.error('wrong-value', several ? [...path, 'remote_addrs', i] : [...path, 'remote_addr'], 'this is no address and no CIDR', { hint: 'for example 10.0.0.0/8, 127.0.0.1 or fd00::/8' });
  });
}

function varsOf({ config, path }: LinkedRoute, report: Report | undefined): Rule<Route>['vars'] {
  // an empty list is no condition
  if (!config.vars?.length) return undefined;
  return expression(config.vars, ({ code, path: within, message, hint }) => report?.error(code, [...path, 'vars', ...within], message, { hint }));
}
