import type { Palette } from '../diagnostics/draw.js';
import { printable } from '../diagnostics/printable.js';
import { opens, type Change } from '../diff/change.js';

/** What changed from one file to another. */
export interface DiffReport {
  readonly before: string;
  readonly after: string;
  readonly changes: readonly Change[];
}

/** A report for programs: what stands in it stays. */
export function inJson({ before, after, changes }: DiffReport): string {
  return `${JSON.stringify({ before, after, same: changes.length === 0, changes }, null, 2)}\n`;
}

/** A report for people: what concerns security first, then the rest by resource. */
export function inWords({ changes, ...files }: DiffReport, palette: Palette): string {
  const [before, after] = [printable(files.before), printable(files.after)];
  if (changes.length === 0) return `${before} and ${after}: no difference\n`;
  const grave = changes.filter(({ security }) => security !== undefined);
  const others = changes.filter(({ security }) => security === undefined);
  const told = grave.length > 0 ? `, ${grave.length} of them about security` : '';
  return `${[
    palette.bold(`${before} → ${after}: ${changes.length} change${changes.length === 1 ? '' : 's'}${told}`),
    ...(grave.length > 0 ? ['', 'Security', ...graveLines(grave, palette)] : []),
    ...(others.length > 0 ? ['', grave.length > 0 ? 'Other changes' : 'Changes', ...bySubject(others).flatMap((group) => groupLines(group, palette))] : []),
  ].join('\n')}\n`;
}

function graveLines(changes: readonly Change[], { red, yellow }: Palette): string[] {
  const width = Math.max(...changes.map(({ security = '' }) => security.length));
  return changes.map((change) => {
    const kind = (change.security ?? '').replaceAll('-', ' ').padEnd(width);
    return `  ${opens(change) ? red(`! ${kind}`) : yellow(`* ${kind}`)}  ${change.subject}: ${change.text}`;
  });
}

function bySubject(changes: readonly Change[]): (readonly Change[])[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const group = groups.get(change.subject);
    if (group) group.push(change);
    else groups.set(change.subject, [change]);
  }
  return [...groups.values()];
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

function groupLines(changes: readonly Change[], { bold }: Palette): string[] {
  const [first, ...more] = changes;
  if (!first) return [];
  const { action, field, subject } = first;
  if (more.length === 0 && field === undefined) return [`  ${SIGNS[action]} ${bold(subject)}${action === 'changed' ? `: ${first.text}` : ''}`];
  return [`  ~ ${bold(subject)}`, ...changes.map(({ text }) => `      ${text}`)];
}
