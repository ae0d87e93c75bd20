import { keyAuth } from './key-auth.js';
import { limitConn } from './limit-conn.js';
import { limitCount } from './limit-count.js';
import { limitReq } from './limit-req.js';
import type { Plugin } from './plugin.js';

/** Every plugin there is. */
export const PLUGINS: readonly Plugin[] = [keyAuth, limitConn, limitCount, limitReq];
