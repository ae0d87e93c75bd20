import { keyAuth } from './key-auth.js';
import { limitCount } from './limit-count.js';
import type { Plugin } from './plugin.js';

/** Every plugin there is. */
export const PLUGINS: readonly Plugin[] = [keyAuth, limitCount];
