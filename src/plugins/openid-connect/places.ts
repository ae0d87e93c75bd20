import type { Exchange } from '../plugin.js';

/** What is behind the path of a request where the provider sends clients back to, unless it is configured. */
const DEFAULT = '/.apisix/redirect';

/** Where the provider sends clients back to. */
export interface Back {
  /** The address for a request that begins a login. */
  addressFor(x: Exchange): string;
  /** Whether a request comes back from there. */
  is(x: Exchange): boolean;
}

/** Compiles `redirect_uri`: an address, a path on the host that was asked, or nothing. */
export function backOf(uri: string | undefined): Back {
  if (uri === undefined) return { addressFor: (x) => `${originOf(x)}${withoutSlash(x.path)}${DEFAULT}`, is: (x) => x.path.endsWith(DEFAULT) };
  if (uri.startsWith('/')) return { addressFor: (x) => `${originOf(x)}${uri}`, is: (x) => x.path === uri };
  const path = URL.canParse(uri) ? new URL(uri).pathname : undefined;
  return { addressFor: () => uri, is: (x) => x.path === path };
}

/** The path and query of a request, as a place on the same host and on no other: `//host` would be another. */
export function targetOf(x: Exchange): string {
  const path = `/${x.path.replace(/^[/\\]+/, '')}`;
  return x.query === undefined ? path : `${path}?${x.query}`;
}

const originOf = (x: Exchange): string => `${x.scheme}://${x.details.authority}`;

const withoutSlash = (path: string): string => path.replace(/\/+$/, '');
