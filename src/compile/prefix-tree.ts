/** What lies below one path segment. */
interface Branch<T> {
  readonly children: Map<string, Branch<T>>;
  /** Of the prefix that ends with this segment's slash. */
  readonly here: T[];
  /** Of prefixes that end within the next segment, by what they say of it. */
  readonly partial: Map<string, T[]>;
  /** Distinct lengths of those, longest first. */
  lengths: readonly number[];
}

/**
 * Prefixes of paths, by segment. A look-up walks the segments of the path, so it takes the same time for ten prefixes
 * as for a hundred thousand.
 */
export class PrefixTree<T> {
  readonly #root: Branch<T> = branch();

  /** Entries of one prefix are told in the order in which they were added. */
  add(prefix: string, entry: T): void {
    let at = this.#root;
    let from = 0;
    for (let slash = prefix.indexOf('/'); slash >= 0; slash = prefix.indexOf('/', from)) {
      at = child(at, prefix.slice(from, slash));
      from = slash + 1;
    }
    const rest = prefix.slice(from);
    if (rest === '') at.here.push(entry);
    else entries(at, rest).push(entry);
  }

  /** The first result that `choose` gives for the entries of a prefix of the path, longest prefix first. */
  find<R>(path: string, choose: (entries: readonly T[]) => R | undefined): R | undefined {
    return search(this.#root, path, 0, choose);
  }
}

function search<T, R>(at: Branch<T>, path: string, from: number, choose: (entries: readonly T[]) => R | undefined): R | undefined {
  const slash = path.indexOf('/', from);
  const next = slash < 0 ? undefined : at.children.get(path.slice(from, slash));
  const deeper = next && search(next, path, slash + 1, choose);
  if (deeper !== undefined) return deeper;
  for (const length of at.lengths) {
    const found = at.partial.get(path.slice(from, from + length));
    const chosen = found && choose(found);
    if (chosen !== undefined) return chosen;
  }
  return at.here.length > 0 ? choose(at.here) : undefined;
}

function branch<T>(): Branch<T> {
  return { children: new Map(), here: [], partial: new Map(), lengths: [] };
}

function child<T>(at: Branch<T>, segment: string): Branch<T> {
  const found = at.children.get(segment) ?? branch<T>();
  at.children.set(segment, found);
  return found;
}

function entries<T>(at: Branch<T>, rest: string): T[] {
  const found = at.partial.get(rest) ?? [];
  at.partial.set(rest, found);
  if (!at.lengths.includes(rest.length)) at.lengths = [...at.lengths, rest.length].sort((a, b) => b - a);
  return found;
}
