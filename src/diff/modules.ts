import type { Modules } from '../modules/module.js';
import type { Change } from './change.js';

/** Modules of plugins that both configurations list, and whose files have changed. */
export function moduleChanges(before: Modules = new Map(), after: Modules = new Map()): Change[] {
  return [...after].flatMap(([name, { print }]): Change[] => {
    const old = before.get(name);
    return old === undefined || old.print === print ? [] : [{ resource: 'gateway', subject: `module ${name}`, action: 'changed', field: 'plugins', text: 'its file changed' }];
  });
}
