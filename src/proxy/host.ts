import { canonicalHost } from '../upstream/address.js';

/**
 * The host name of a Host header or of an absolute-form target, as routes compare it: lower case, without port and
 * without the root's dot. Undefined when it is no host at all.
 */
export function hostName(authority: string): string | undefined {
  const match = /^(\[[0-9a-fA-F:.]+\]|[\w.-]*)(?::\d*)?$/.exec(authority);
  const name = match?.[1];
  if (name === undefined || name.includes('..')) return undefined;
  return canonicalHost(name);
}
