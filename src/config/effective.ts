import type { PluginConfigs } from '../schema/route.js';

/**
 * Which of several places speaks for each plugin. The places come strongest first: consumer, consumer group, route,
 * plugin config, service. A configuration counts whole, never field by field, and a disabled one counts too: it hides
 * what stands below it.
 */
export function effective<P extends { readonly plugins?: PluginConfigs }>(places: readonly P[]): Map<string, P> {
  const speakers = new Map<string, P>();
  for (const place of places) {
    for (const name of Object.keys(place.plugins ?? {})) if (!speakers.has(name)) speakers.set(name, place);
  }
  return speakers;
}
