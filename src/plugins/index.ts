import { basicAuth } from './basic-auth.js';
import { hmacAuth } from './hmac-auth.js';
import { jwtAuth } from './jwt-auth.js';
import { keyAuth } from './key-auth.js';
import { multiAuth } from './multi-auth.js';
import type { Plugin } from './plugin.js';

/** Every plugin there is. */
export const PLUGINS: readonly Plugin[] = [multiAuth, hmacAuth, basicAuth, jwtAuth, keyAuth];
