import { isScalar, type Pair, type YAMLMap } from 'yaml';
import type { Path, Range } from '../diagnostics/diagnostic.js';
import { keyText, type Document } from './document.js';
import type { Report } from './report.js';

/** A key that its mapping has already, and where. */
export interface Duplicate {
  readonly key: string;
  readonly map: YAMLMap;
  readonly pair: Pair;
  /** Of the mapping. */
  readonly at: Path;
}

/** Tells of a key that stands twice; whether with it an entry of a list seems to begin anew, which explains others behind it. */
export function tellDuplicate({ key, map, pair, at }: Duplicate, document: Document, report: Report): boolean {
  // nothing is looked for that is not told
  if (report.isFull) return true;
  const before = (map.items as Pair[]).slice(0, map.items.indexOf(pair));
  const first = before.findLast((other) => isScalar(other.key) && keyText(other.key) === key) ?? pair;
  const beginsAnew = typeof at.at(-1) === 'number' && first === before[0] && map.flow !== true;
  report.at('yaml-duplicate-key', rangeOfKey(pair, document), `${document.isSecretName(key) ? 'one name' : `\`${key}\``} stands twice in one mapping`, {
    // of an entry of a list all is in doubt: it may be two
    path: typeof at.at(-1) === 'number' ? at : [...at, key],
    hint: beginsAnew ? 'does another entry of the list begin here? it needs a `- ` before it; or else keep one of them' : 'keep one of them',
    related: [{ message: 'first here', range: rangeOfKey(first, document) }],
  });
  return beginsAnew;
}

function rangeOfKey({ key }: Pair, document: Document): Range {
  const [start = 0, end = start] = (isScalar(key) && key.range) || [];
  return document.range(start, end);
}
