import type { Sites } from '../tls/sites.js';
import type { Change } from './change.js';

/** Certificates of the same id whose content is another, where nothing is told of them yet: the files that they refer to have changed. */
export function renewals(before: Sites, after: Sites, told: readonly Change[]): Change[] {
  const subjects = new Set(told.map(({ subject }) => subject));
  return [...after.digests].flatMap(([id, digest]) => {
    const subject = `certificate ${id}`;
    const old = before.digests.get(id);
    if (old === undefined || old === digest || subjects.has(subject)) return [];
    return [{ subject, text: 'certificate, key or authorities changed', loosens: false }];
  });
}
