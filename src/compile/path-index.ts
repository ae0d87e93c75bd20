import { PrefixTree } from './prefix-tree.js';
import type { Route } from './route.js';

interface Candidate {
  readonly route: Route;
  /** For a `*` that is not the last character: the whole path must fit as well. */
  readonly fits: ((path: string) => boolean) | undefined;
}

/** Routes by path: one look-up for exact paths, a walk along the path's segments for prefixes, however many routes there are. */
export class PathIndex {
  readonly #exact = new Map<string, Candidate[]>();
  readonly #prefixes = new PrefixTree<Candidate>();

  /** Routes of one path are tried in the order in which they were added. */
  add(text: string, route: Route): void {
    // paths are compared byte by byte, each byte a character: there is no encoding to get wrong
    const uri = Buffer.from(text).toString('latin1');
    const star = uri.indexOf('*');
    if (star < 0) push(this.#exact, uri, { route, fits: undefined });
    else this.#prefixes.add(uri.slice(0, star), { route, fits: star === uri.length - 1 ? undefined : glob(uri) });
  }

  find(method: string, path: string): Route | undefined {
    return first(this.#exact.get(path), method, path) ?? this.#prefixes.find(path, (candidates) => first(candidates, method, path));
  }
}

function first(candidates: readonly Candidate[] | undefined, method: string, path: string): Route | undefined {
  if (!candidates) return undefined;
  for (const { route, fits } of candidates) {
    if ((!route.methods || route.methods.has(method)) && (!fits || fits(path))) return route;
  }
  return undefined;
}

function push(map: Map<string, Candidate[]>, key: string, candidate: Candidate): void {
  const list = map.get(key);
  if (list) list.push(candidate);
  else map.set(key, [candidate]);
}

/** A test of whole paths against a pattern in which `*` is anything, `/` included; linear, no backtracking. */
export function glob(pattern: string): (path: string) => boolean {
  const parts = pattern.split('*');
  const head = parts[0] ?? '';
  const tail = parts.at(-1) ?? '';
  const middle = parts.slice(1, -1);
  return (path) => {
    if (!path.startsWith(head) || !path.endsWith(tail) || path.length < head.length + tail.length) return false;
    let at = head.length;
    for (const part of middle) {
      const found = path.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= path.length - tail.length;
  };
}
