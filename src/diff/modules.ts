import type { Modules } from '../modules/module.js';
import type { Change } from './change.js';

/** Modules of plugins that both configurations list, and whose files have changed. */
export function moduleChanges(before: Modules = new Map(), after: Modules = new Map()): Change[] {
  return [...after].flatMap(([name, { print }]) => {
    const old = before.get(name);
    return old === undefined || old.print === print ? [] : [{ subject: `module ${name}`, text: 'its file changed', loosens: false }];
  });
}
