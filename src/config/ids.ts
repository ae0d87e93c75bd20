import type { Path } from '../diagnostics/diagnostic.js';
import type { Report } from './report.js';

/** The id of an item: its own, or `arr_<1-based place>` as in APISIX. */
export function idOf(item: { readonly id?: string | number }, index: number): string {
  return item.id === undefined ? `arr_${index + 1}` : String(item.id);
}

/** Tells that two items of one kind have the same id. */
export function tellDuplicate(kind: string, id: string, first: Path, second: Path, report: Report): void {
  report.error('duplicate-id', [...second, 'id'], `two ${kind}s have the id \`${id}\``, { related: [report.place([...first, 'id'], 'first here')], hint: 'an id names one thing' });
}
