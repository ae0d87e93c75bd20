import type { Steps } from '../steps.js';
import type { BodyNeed } from '../variables/variable.js';
import type { Pattern } from './pattern.js';
import { RadixTree } from './radix-tree.js';
import type { Candidate, Misfit, Subject } from './rule.js';

/** Is told of every candidate that was tried and did not fit. */
export type Trace<R> = (candidate: Candidate<R>, misfit: Misfit) => void;

/** What a search comes to: the candidate that takes the request, none, or what must be read first. */
export type Match<R> = Candidate<R> | BodyNeed | undefined;

/** Candidates by path: one look-up for exact paths, then one walk for the prefixes, however many there are. */
export class PathIndex<R> {
  #exact: Map<string, Candidate<R>> | undefined;
  #prefixes: Map<string, Candidate<R>> | undefined;
  #tree: RadixTree<Candidate<R>> | undefined;

  /** Of one path the last that is put is tried first. */
  put({ text, isPrefix }: Pattern, candidate: Candidate<R>): void {
    const map = isPrefix ? (this.#prefixes ??= new Map()) : (this.#exact ??= new Map());
    candidate.next = map.get(text);
    map.set(text, candidate);
  }

  /** Nothing more is put. */
  *seal(): Steps<void> {
    if (this.#prefixes) this.#tree = yield* RadixTree.of(this.#prefixes);
    this.#prefixes = undefined;
  }

  /** Exact before prefixes, longer prefixes before shorter. */
  find(x: Subject, path: string, trace?: Trace<R>): Match<R> {
    const match = tryAll(this.#exact?.get(path), x, path, trace);
    if (match !== undefined) return match;
    for (let entry = this.#tree?.find(path); entry; entry = entry.shorter) {
      const further = tryAll(entry.value, x, path, trace);
      if (further !== undefined) return further;
    }
    return undefined;
  }
}

function tryAll<R>(first: Candidate<R> | undefined, x: Subject, path: string, trace: Trace<R> | undefined): Match<R> {
  for (let candidate = first; candidate; candidate = candidate.next) {
    const misfit = candidate.misfit(x, path);
    if (misfit === undefined) return candidate;
    if (misfit === 'needs-fields' || misfit === 'needs-body') return misfit;
    trace?.(candidate, misfit);
  }
  return undefined;
}
