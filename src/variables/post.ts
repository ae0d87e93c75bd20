import type { Exchange, Reply, Step, Value } from '../plugins/plugin.js';
import { jsonPath, memberOf } from './json-path.js';
import { multipartFields } from './multipart.js';
import { textOf } from './text.js';
import type { BodyNeed, Variable } from './variable.js';

/** Bytes of a body that variables look into. */
export const BODY_LIMIT = 1024 * 1024;

const TOO_LARGE: Reply = { status: 413 };

/** Reads the body for the variables that look into it; one that is too large for them is refused, if it could hold what they look for. */
export function readBody(x: Exchange, need: BodyNeed): Step {
  if (x.details.body) return undefined;
  return x.body(BODY_LIMIT).then((body) => (body === undefined && (need === 'needs-body' || kindOf(x) !== undefined) ? TOO_LARGE : undefined));
}

/** The body as a text; undefined when there is none. */
export function bodyTextOf(x: Exchange): string | undefined {
  const { body } = x.details;
  return body && body.length > 0 ? body.toString() : undefined;
}

/** The first value of a form's field. */
export function formValue(x: Exchange, name: string): string | undefined {
  if (kindOf(x) !== 'form') return undefined;
  return textOf(memberOf(parsedOf(x), name));
}

/** A field of a JSON, form or multipart body by its way, in dots or as a JSONPath; undefined for a JSONPath that is none. */
export function bodyValue(path: string): Variable | undefined {
  if (!/[[*]|\.\.|^\./.test(path)) {
    const steps = path.split('.');
    return { needs: 'needs-fields', get: (x) => steps.reduce<Value>(memberOf, parsedOf(x)) };
  }
  // `post_arg..name`: the dot of the prefix is the path's own
  const query = jsonPath(path.startsWith('.') ? `.${path}` : path);
  return query && {
    needs: 'needs-fields',
    get(x) {
      const found = query(parsedOf(x));
      return found.length > 0 ? found : undefined;
    },
  };
}

type Kind = 'json' | 'form' | 'multipart';

/** What kind of fields a body has, by its Content-Type. */
export function kindOf(x: Exchange): Kind | undefined {
  const type = (x.headerValues('content-type')[0] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json' || type.endsWith('+json')) return 'json';
  return KINDS.get(type);
}

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['application/x-www-form-urlencoded', 'form'], ['multipart/form-data', 'multipart'],
]);

const KEY = {};

/** The fields of a body; undefined when it is of another kind, or broken. */
export function parsedOf(x: Exchange): Value {
  const { body } = x.details;
  if (!body) return undefined;
  if (!x.notes.has(KEY)) x.notes.set(KEY, parse(x, body));
  return x.notes.get(KEY) as Value;
}

function parse(x: Exchange, body: Buffer): Value {
  switch (kindOf(x)) {
    case 'json': return json(body.toString());
    case 'form': return firstOf(new URLSearchParams(body.toString()));
    case 'multipart': return firstOf(multipartFields(body, x.headerValues('content-type')[0] ?? ''));
    default: return undefined;
  }
}

function json(text: string): Value {
  if (nestsTooDeep(text)) return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch {
    // a broken body has no fields
    return undefined;
  }
}

/** Values within values, as far as Apache APISIX reads them; what nests deeper could not be told as a text either. */
const DEEPEST = 1000;

function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length && depth <= DEEPEST; i++) {
    const c = text[i];
    if (c === '"') quoted = !quoted;
    else if (quoted) i += c === '\\' ? 1 : 0;
    else if (c === '[' || c === '{') depth++;
    else if (c === ']' || c === '}') depth--;
  }
  return depth > DEEPEST;
}

function firstOf(pairs: Iterable<readonly [string, string]>): object {
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of pairs) fields[name] ??= value;
  return fields;
}
