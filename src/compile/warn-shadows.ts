import type { LinkedRoute } from '../config/linked.js';
import type { Report } from '../config/report.js';
import { shadows, type Shadow } from '../matching/shadows.js';
import type { Rule } from '../matching/rule.js';
import type { Steps } from '../steps.js';
import type { Route } from './route.js';

/** Warns of routes that no request comes to, since another one takes them all. */
export function* warnOfShadows(rules: ReadonlyMap<Rule<Route>, LinkedRoute>, byHost: boolean, report: Report): Steps<void> {
  const found = yield* shadows([...rules.keys()], (rule) => conditionsOf(rules.get(rule)), byHost);
  const byRule = new Map<Rule<Route>, Shadow<Route>[]>();
  for (const shadow of found) {
    const others = byRule.get(shadow.rule);
    if (others) others.push(shadow);
    else byRule.set(shadow.rule, [shadow]);
  }
  for (const [rule, ofRule] of byRule) {
    const [first] = ofRule;
    // all at once, where all of it is meant
    const told = first && ofRule.length === rule.uris.length && ofRule.every(({ by }) => by === first.by) ? [{ ...first, uri: undefined }] : ofRule;
    for (const shadow of told) tell(shadow, rules, report);
  }
}

function conditionsOf(linked: LinkedRoute | undefined): string {
  const { remote_addr: one, remote_addrs: several, vars } = linked?.config ?? {};
  const addresses = several ?? (one === undefined ? [] : [one]);
  return addresses.length === 0 && !vars?.length ? '' : JSON.stringify([addresses.toSorted(), vars]);
}

function tell({ rule, uri, by, isDuplicate }: Omit<Shadow<Route>, 'uri'> & { readonly uri: number | undefined }, rules: ReadonlyMap<Rule<Route>, LinkedRoute>, report: Report): void {
  const [own, other] = [rules.get(rule), rules.get(by)];
  if (!own || !other) return;
  const place = own.config.uris === undefined ? [...own.path, 'uri'] : [...own.path, 'uris', ...(uri === undefined ? [] : [uri])];
  const what = uri === undefined ? `no request comes to the route \`${own.id}\`` : `no request comes to this path of the route \`${own.id}\``;
  const why = isDuplicate ? 'takes the same ones, and stands before it' : by.priority > rule.priority ? 'has a higher priority, and takes them all' : 'stands before it, and takes them all';
  report.warning(isDuplicate ? 'duplicate-route' : 'shadowed-route', place, `${what}: the route \`${other.id}\` ${why}`, {
    related: [report.place([...other.path, other.config.uris === undefined ? 'uri' : 'uris'], 'the route that takes them')],
    hint: isDuplicate ? 'remove one of them, or let their hosts, methods or `vars` differ' : by.priority > rule.priority ? 'give this one a higher `priority`, or the other conditions of its own' : 'let this one stand first, or give it a higher `priority`',
  });
}
