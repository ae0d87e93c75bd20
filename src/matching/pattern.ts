/** A path as routes write it, compiled: what must stand at its beginning, and what the whole must fit. */
export interface Pattern {
  /** The whole path, or what it must begin with. */
  readonly text: string;
  readonly isPrefix: boolean;
  /** Whether the whole path fits, where the beginning does not tell. */
  readonly fits: ((path: string) => boolean) | undefined;
  /** What the parameters of a path that fits stand for. */
  readonly capture: ((path: string) => ReadonlyMap<string, string>) | undefined;
}

/**
 * Compiles a path. A `*` is anything, `/` included. `parameters`: a segment `:name` is one segment, and one that begins
 * with `*` is anything, under the name that follows; without, they are text.
 */
export function pattern(written: string, parameters: boolean): Pattern {
  // paths are compared byte by byte, each byte a character: there is no encoding to get wrong
  const uri = /[^\x00-\x7f]/.test(written) ? Buffer.from(written).toString('latin1') : written;
  if (parameters && /\/[:*][^/]/.test(uri)) return withParameters(uri);
  const star = uri.indexOf('*');
  if (star < 0) return { text: uri, isPrefix: false, fits: undefined, capture: undefined };
  return { text: uri.slice(0, star), isPrefix: true, fits: star === uri.length - 1 ? undefined : glob(uri), capture: undefined };
}

/** A test of whole paths against a pattern in which `*` is anything, `/` included; linear, no backtracking. */
export function glob(text: string): (path: string) => boolean {
  const parts = text.split('*');
  const head = parts[0] ?? '';
  const tail = parts.at(-1) ?? '';
  const middle = parts.slice(1, -1);
  return (path) => {
    if (!path.startsWith(head) || !path.endsWith(tail) || path.length < head.length + tail.length) return false;
    let at = head.length;
    for (const part of middle) {
      const found = path.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= path.length - tail.length;
  };
}

/** What stands between two stars: texts, and the names of segments in turn. */
type Chunk = readonly (string | { readonly name: string })[];

type Captures = Map<string, string>;

function withParameters(uri: string): Pattern {
  const { chunks, names } = chunksOf(uri);
  const [head = []] = chunks;
  const [text] = head;
  const match = (path: string, captures: Captures | undefined): boolean => matchChunks(chunks, names, path, captures);
  return {
    text: typeof text === 'string' ? text : '',
    isPrefix: true,
    fits: (path) => match(path, undefined),
    capture(path) {
      const captures: Captures = new Map();
      match(path, captures);
      return captures;
    },
  };
}

/** A path in chunks, and the names of the stars between them; a star without a name has none. */
function chunksOf(uri: string): { readonly chunks: readonly Chunk[]; readonly names: readonly string[] } {
  const chunks: (string | { readonly name: string })[][] = [[]];
  const names: string[] = [];
  for (const [token] of uri.matchAll(/(?<=\/):[^/]+|(?<=\/)\*[^/]*|\*|(?:(?<!\/):|[^:*])+|:/g)) {
    if (token.startsWith('*')) {
      names.push(token.slice(1));
      chunks.push([]);
    } else chunks.at(-1)?.push(/^:./.test(token) ? { name: token.slice(1) } : token);
  }
  return { chunks, names };
}

/** The first chunk at the beginning, each further one at the first place where it is, the last one at the end. */
function matchChunks(chunks: readonly Chunk[], names: readonly string[], path: string, captures: Captures | undefined): boolean {
  let at = matchAt(chunks[0] ?? [], path, 0, captures);
  for (let i = 1; i < chunks.length && at >= 0; i++) {
    const found = seek(chunks[i] ?? [], path, at, i === chunks.length - 1, captures);
    if (!found) return false;
    const name = names[i - 1];
    if (name) captures?.set(name, path.slice(at, found.start));
    at = found.end;
  }
  return at === path.length;
}

function seek(chunk: Chunk, path: string, from: number, isLast: boolean, captures: Captures | undefined): { readonly start: number; readonly end: number } | undefined {
  for (let start = isLast && chunk.length === 0 ? path.length : from; start <= path.length; start++) {
    const end = matchAt(chunk, path, start, captures);
    if (end >= 0 && (!isLast || end === path.length)) return { start, end };
  }
  return undefined;
}

/** Where a chunk ends that begins at a place; -1 when it is not there. */
function matchAt(chunk: Chunk, path: string, start: number, captures: Captures | undefined): number {
  let at = start;
  for (const part of chunk) {
    if (typeof part === 'string') {
      if (!path.startsWith(part, at)) return -1;
      at += part.length;
    } else {
      const slash = path.indexOf('/', at);
      const end = slash < 0 ? path.length : slash;
      if (end === at) return -1;
      captures?.set(part.name, path.slice(at, end));
      at = end;
    }
  }
  return at;
}
