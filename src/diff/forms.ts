/** Fields that hold one thing, and their brothers that hold several. */
const PLURALS = [['uri', 'uris'], ['host', 'hosts'], ['remote_addr', 'remote_addrs'], ['sni', 'snis']] as const;

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a resource in both configurations, without those that say the same in two ways: `uri: /a` and `uris: [/a]`, no methods and none listed. */
export function withoutForms(before: object, after: object): readonly [object, object] {
  const [a, b]: readonly [Fields, Fields] = [{ ...before }, { ...after }];
  const alike = new Set(PLURALS.filter(([one, many]) => isOneOf(a[one], b[many]) || isOneOf(b[one], a[many])).flat().map(String));
  if (isEmpty(a['methods']) && isEmpty(b['methods'])) alike.add('methods');
  return alike.size === 0 ? [before, after] : [without(a, alike), without(b, alike)];
}

const isOneOf = (one: unknown, many: unknown): boolean => one !== undefined && Array.isArray(many) && many.length === 1 && many[0] === one;

const isEmpty = (list: unknown): boolean => list === undefined || (Array.isArray(list) && list.length === 0);

const without = (fields: Fields, names: ReadonlySet<string>): Fields => Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)));
