/**
 * The host name of a Host header or of an absolute-form target, as routes compare it: lower case, without port and
 * without the root's dot. Undefined when it is no host at all.
 */
export function hostName(authority: string): string | undefined {
  const match = /^(\[[0-9a-fA-F:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d*)?$/.exec(authority);
  if (!match) return undefined;
  const name = (match[1] ?? '').toLowerCase();
  return name.endsWith('.') && name.length > 1 ? name.slice(0, -1) : name;
}
