import { effective } from '../config/effective.js';
import type { LinkedRoute, PluginPlace } from '../config/linked.js';
import type { SilentPlugin } from './explanation.js';
import { placeOfPlugin } from './places.js';
import type { Scene } from './scene.js';

/** Plugins that stand where the request comes by, and do not run. */
export function silentOf(scene: Scene, route: LinkedRoute | undefined): SilentPlugin[] {
  const { linked, observed: { exchange } } = scene;
  if (!exchange) return [];
  const consumer = exchange.consumer && linked.overlays.get(exchange.consumer);
  return [...ofPlaces(linked.globalRules, scene), ...(route ? ofPlaces([...(consumer ?? []), ...route.places], scene) : [])];
}

/** Of places, the strongest first. */
function ofPlaces(places: readonly PluginPlace[], scene: Scene): SilentPlugin[] {
  const speakers = effective(places);
  return places.flatMap((place) => Object.entries(place.plugins).flatMap(([plugin, { _meta }]) => {
    const speaker = speakers.get(plugin);
    const off = (one: PluginPlace | undefined): boolean => one?.plugins[plugin]?._meta?.disable === true;
    if (speaker === place && _meta?.disable !== true) return [];
    const because = speaker === place ? 'it is switched off there' : `${speaker?.owner ?? ''} speaks for it${off(speaker) ? ', and switches it off' : ''}`;
    return [{ plugin, source: place.owner, place: placeOfPlugin(place.owner, plugin, scene), because }];
  }));
}
