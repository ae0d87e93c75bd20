import type { Range } from '../diagnostics/diagnostic.js';
import type { Scene } from './scene.js';

/** Where the configuration of a plugin stands. */
export function placeOfPlugin(owner: string, plugin: string, { linked, document }: Pick<Scene, 'linked' | 'document'>): Range {
  const place = linked.places.find((one) => one.owner === owner && plugin in one.plugins);
  return document.locate(place ? [...place.path, 'plugins', plugin] : [], 'key');
}
