import { basicAuth } from './basic-auth.js';
import { consumerRestriction } from './consumer-restriction.js';
import { cors } from './cors.js';
import { csrf } from './csrf.js';
import { faultInjection } from './fault-injection.js';
import { forwardAuth } from './forward-auth.js';
import { hmacAuth } from './hmac-auth.js';
import { ipRestriction } from './ip-restriction.js';
import { jwtAuth } from './jwt-auth.js';
import { keyAuth } from './key-auth.js';
import { limitConn } from './limit-conn.js';
import { limitCount } from './limit-count.js';
import { limitReq } from './limit-req.js';
import { multiAuth } from './multi-auth.js';
import { openidConnect } from './openid-connect.js';
import type { Plugin } from './plugin.js';
import { redirect } from './redirect.js';
import { refererRestriction } from './referer-restriction.js';
import { requestId } from './request-id.js';
import { uaRestriction } from './ua-restriction.js';
import { uriBlocker } from './uri-blocker.js';

/** Every plugin there is. */
export const PLUGINS: readonly Plugin[] = [
  keyAuth, basicAuth, jwtAuth, hmacAuth, multiAuth, openidConnect, requestId, faultInjection, cors, ipRestriction,
  uaRestriction, refererRestriction, csrf, uriBlocker, consumerRestriction, forwardAuth, limitConn, limitCount, limitReq,
  redirect,
];
