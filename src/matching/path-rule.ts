/** Makes the path that is matched, given the path as it is forwarded, still encoded, and decoded. */
export type PathRule = (path: string, decoded: string) => string;

/** What is said about paths, by APISIX's names. */
export interface PathOptions {
  /** An encoded slash is no slash. */
  readonly match_uri_encoded_slash: boolean;
  /** Parameters of segments (`;a=1`) do not count. */
  readonly normalize_uri_like_servlet: boolean;
  /** A slash at the end does not count. */
  readonly delete_uri_tail_slash: boolean;
}

/** How the matched path differs from the decoded one; undefined when it does not. What is forwarded stays the same. */
export function pathRule(options: PathOptions): PathRule | undefined {
  const { match_uri_encoded_slash: keepsSlash, normalize_uri_like_servlet: cuts, delete_uri_tail_slash: trims } = options;
  if (!keepsSlash && !cuts && !trims) return undefined;
  return (path, decoded) => {
    const read = keepsSlash ? unescapeButSlash(path) : decoded;
    const cut = cuts ? withoutParameters(read) : read;
    return trims && cut.length > 1 && cut.endsWith('/') ? cut.slice(0, -1) : cut;
  };
}

/** A path without the parameters of its segments, as some servers see it: `/admin;a=1/x` is `/admin/x` to them. */
export function withoutParameters(decoded: string): string {
  return decoded.replace(/;[^/]*/g, '');
}

function unescapeButSlash(path: string): string {
  return path.replace(/%(?!2f)([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
