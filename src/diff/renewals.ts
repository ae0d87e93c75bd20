import type { Sites } from '../tls/sites.js';
import type { Change } from './change.js';

/** Certificates of the same id whose content is another, where nothing is told of that yet: the files that they refer to have changed. */
export function renewals(before: Sites, after: Sites, told: readonly Change[]): Change[] {
  const known = new Set(told.filter(({ resource, field = '' }) => resource === 'ssls' && /^(certs?|keys?|client)\b/.test(field)).map(({ id }) => id));
  return [...after.digests].flatMap(([id, digest]): Change[] => {
    const old = before.digests.get(id);
    if (old === undefined || old === digest || known.has(id)) return [];
    return [{ resource: 'ssls', id, subject: `certificate ${id}`, action: 'changed', text: 'certificate, key or authorities changed' }];
  });
}
