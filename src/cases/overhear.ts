import { authenticates, type Exchange, type Handlers, type Plugin, type Step } from '../plugins/plugin.js';
import { watched, type Watcher } from './watched.js';

/** The same plugins; what those that decide who calls look at of a request goes to `keep`: callers' credentials, right or wrong. */
export function overheard(plugins: readonly Plugin[], keep: (credential: string) => void): Plugin[] {
  const watcher: Watcher = { tell: () => {}, asked: (value) => keepTexts(value, keep) };
  return plugins.map((plugin) => (authenticates(plugin) ? { ...plugin, compile: (options, binding) => overheardIn(plugin.compile(options, binding), watcher) } : plugin));
}

/** Hands on the texts of what was asked for. */
export function keepTexts(asked: unknown, keep: (credential: string) => void): void {
  for (const value of [asked].flat()) if (typeof value === 'string') keep(value);
}

function overheardIn(handlers: Handlers, watcher: Watcher): Handlers {
  const { rewrite, access } = handlers;
  return {
    ...handlers,
    ...(rewrite && { rewrite: (x: Exchange): Step => rewrite.call(handlers, watched(x, watcher)) }),
    ...(access && { access: (x: Exchange): Step => access.call(handlers, watched(x, watcher)) }),
  };
}
