import type { Path } from '../diagnostics/diagnostic.js';
import type { Credential } from '../plugins/plugin.js';
import type { LinkedRoute, PluginPlace } from './linked.js';
import type { Report } from './report.js';

/** Warns of an auth plugin for which nobody has a credential: whatever it guards, nobody gets through. Told once for each plugin. */
export function warnOfNobody(routes: readonly LinkedRoute[], globalRules: readonly PluginPlace[], credentials: ReadonlyMap<string, ReadonlyMap<string, Credential>>, report: Report): void {
  const useless = new Set([...credentials].filter(([, keys]) => keys.size === 0).map(([name]) => name));
  const guards: readonly (readonly PluginPlace[])[] = [...globalRules.map((place) => [place]), ...routes.filter(({ config }) => config.status !== 0).map(({ places }) => places)];
  for (const places of guards) {
    if (useless.size === 0) return;
    for (const name of useless) {
      // the strongest counts
      const place = places.find(({ plugins }) => Object.hasOwn(plugins, name));
      if (!place || letsThrough(place.plugins[name] ?? {})) continue;
      useless.delete(name);
      tell(name, [...place.path, 'plugins', name], report);
    }
  }
}

/** Whether it is switched off, for some requests or all, or takes those of nobody too. */
function letsThrough(options: object): boolean {
  const { anonymous_consumer: anonymous, _meta: { disable = false, filter } = {} } = options as { readonly anonymous_consumer?: unknown; readonly _meta?: { readonly disable?: boolean; readonly filter?: unknown } };
  return disable || filter !== undefined || anonymous !== undefined;
}

function tell(name: string, path: Path, report: Report): void {
  report.warning('nobody-passes', path, `no consumer has a credential for ${name}: nobody gets through`, { spot: 'key', hint: `write one below \`plugins\` of a consumer: \`${name}: {…}\`` });
}
