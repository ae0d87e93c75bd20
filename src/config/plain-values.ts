import type { Maker } from './plain-maker.js';
import { Unsure } from './plain-words.js';

/** A mapping as configurations have it: a key such as `constructor` or `__proto__` is a key like any other. */
export function newMapping(): Record<string, unknown> {
  // one that is created without a prototype is twice as slow to read
  return Object.setPrototypeOf({}, null) as Record<string, unknown>;
}

/** Makes values alone: most texts have nothing wrong with them, and nobody asks for their places. */
export const VALUES: Maker<unknown> = {
  scalar: (value) => value,
  key: (value, type, source) => (type === 'PLAIN' ? source : value),
  map: newMapping,
  list: () => [],
  entry(map, key, value) {
    const mapping = map as Record<string, unknown>;
    const name = key as string;
    // told with the places of both
    if (name in mapping) throw new Unsure();
    mapping[name] = value;
  },
  item: (list, value) => void (list as unknown[]).push(value),
  end: () => {},
};
