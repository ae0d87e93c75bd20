import type { Exchange } from '../plugin.js';
import type { Claims, Options } from './provider.js';

/** What the upstream is told of who calls. */
export interface Caller {
  readonly access: string;
  readonly refresh?: string | undefined;
  readonly claims?: Claims | undefined;
  readonly user?: Claims | undefined;
}

const OURS = ['x-access-token', 'x-id-token', 'x-userinfo', 'x-refresh-token'] as const;

/** Takes away what only this plugin may say. */
export function hideClaims(x: Exchange): void {
  for (const name of OURS) x.removeHeader(name);
}

/** Compiles what tells the upstream who calls. */
export function tellingUpstream(options: Options): (x: Exchange, caller: Caller) => void {
  const { set_access_token_header: access, access_token_in_authorization_header: inAuthorization, set_id_token_header: id, set_userinfo_header: user, set_refresh_token_header: refresh } = options;
  return (x, caller) => {
    if (access && inAuthorization) x.setHeader('Authorization', `Bearer ${caller.access}`);
    if (access && !inAuthorization) x.setHeader('X-Access-Token', caller.access);
    if (id && caller.claims) x.setHeader('X-ID-Token', encoded(caller.claims));
    if (user && caller.user) x.setHeader('X-Userinfo', encoded(caller.user));
    if (refresh && caller.refresh !== undefined) x.setHeader('X-Refresh-Token', caller.refresh);
  };
}

const encoded = (claims: Claims): string => Buffer.from(JSON.stringify(claims)).toString('base64');
