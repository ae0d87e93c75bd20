import type { Path } from '../diagnostics/diagnostic.js';
import type { Report } from './report.js';

/** A resource of the file by its id, and where it stands. */
export interface Item<T> {
  readonly id: string;
  readonly path: Path;
  readonly config: T;
}

/** The id of an item: its own, or `arr_<1-based place>` as in APISIX. */
export function idOf(item: { readonly id?: string | number }, index: number): string {
  return item.id === undefined ? `arr_${index + 1}` : String(item.id);
}

/** The resources of a block; of two with one id it tells, and the first counts. */
export function itemsOf<T extends { readonly id?: string | number }>(block: string, kind: string, configs: readonly T[], report: Report): Map<string, Item<T>> {
  const items = new Map<string, Item<T>>();
  configs.forEach((config, i) => {
    const item = { id: idOf(config, i), path: [block, i], config };
    const first = items.get(item.id);
    if (first) report.error('duplicate-id', [...item.path, 'id'], `two ${kind}s have the id \`${item.id}\``, { related: [report.place([...first.path, 'id'], 'first here')], hint: 'an id names one thing' });
    else items.set(item.id, item);
  });
  return items;
}

/** What a field refers to; tells when there is nothing of that id. Notes what is referred to. */
export class References {
  readonly #used = new Set<object>();

  constructor(private readonly report: Report) {}

  /** `id` is what a field of a resource says, whose path is given. */
  find<T extends object>(kind: string, known: ReadonlyMap<string, T>, id: string | number | undefined, path: Path, field: string, hint: string): T | undefined {
    if (id === undefined) return undefined;
    const wanted = String(id);
    const found = known.get(wanted);
    if (found) {
      this.#used.add(found);
      return found;
    }
    const near = this.report.near(wanted, known);
    this.report.error('dangling-reference', [...path, field], `there is no ${kind} \`${wanted}\``, { hint: near ? `did you mean \`${near}\`?` : hint });
    return undefined;
  }

  /** Whether anything referred to it. */
  has(item: object): boolean {
    return this.#used.has(item);
  }
}
