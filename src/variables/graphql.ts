import type { Exchange } from '../plugins/plugin.js';
import { memberOf } from './json-path.js';
import { kindOf, parsedOf } from './post.js';

/** What a GraphQL document asks for, by its first operation. */
export interface Operation {
  readonly operation: string;
  /** Empty when it has none, as in Apache APISIX. */
  readonly name: string;
  readonly rootFields: readonly string[];
}

const KEY = {};

/** The operation that a request asks for: of a GET in its query, of a POST in a JSON body, or else the body itself. */
export function graphqlOf(x: Exchange): Operation | undefined {
  if (!x.notes.has(KEY)) {
    const text = documentOf(x);
    x.notes.set(KEY, text === undefined ? undefined : parseOperation(text));
  }
  return x.notes.get(KEY) as Operation | undefined;
}

function documentOf(x: Exchange): string | undefined {
  if (x.method === 'GET') {
    const [query] = x.argumentValues('query');
    return typeof query === 'string' ? query : undefined;
  }
  if (x.method !== 'POST') return undefined;
  if (kindOf(x) !== 'json') return x.details.body?.toString();
  const query = memberOf(parsedOf(x), 'query');
  return typeof query === 'string' ? query : undefined;
}

/**
 * Punctuators, names, texts and numbers; comments, commas and space stand between them (GraphQL, section 2.1). A comment
 * goes to the end of its line, and is never tried as several: of those there are more with each `#` in it.
 */
const TOKEN = /(?:[\s,\ufeff]|#[^\n\r]*(?![^\n\r]))*(?:("""(?:[^"\\]|\\[^]|"(?!""))*"""|"(?:[^"\\\n\r]|\\.)*"|[_A-Za-z]\w*|\.\.\.|-?\d[\w.+-]*|[!$&()[\]{}:=@|])|$)/y;

/** The first operation of a document; undefined when there is none, or what should be one is not. */
export function parseOperation(text: string): Operation | undefined {
  const tokens = tokenize(text);
  if (!tokens) return undefined;
  let at = 0;
  // fragments may stand before the operations
  while (tokens[at] === 'fragment') at = closing(tokens, at) + 1;
  const [first] = tokens.slice(at, at + 1);
  if (first === '{') return { operation: 'query', name: '', rootFields: fieldsOf(tokens, at) };
  if (first === undefined || !OPERATIONS.has(first)) return undefined;
  const next = tokens[at + 1] ?? '';
  const brace = selectionOf(tokens, at + 1);
  return brace < 0 ? undefined : { operation: first, name: /^\w/.test(next) ? next : '', rootFields: fieldsOf(tokens, brace) };
}

const OPERATIONS: ReadonlySet<string> = new Set(['query', 'mutation', 'subscription']);

function tokenize(text: string): string[] | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) return undefined;
    if (match[1] !== undefined) tokens.push(match[1]);
    else break;
  }
  return tokens;
}

/** Where the selection of an operation begins: the first brace that is not within the brackets of variables or directives. */
function selectionOf(tokens: readonly string[], from: number): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    if (tokens[i] === '(') depth++;
    else if (tokens[i] === ')') depth--;
    else if (tokens[i] === '{' && depth === 0) return i;
  }
  return -1;
}

/** The names of the fields directly within a selection; an alias does not count, nor do fragments. */
function fieldsOf(tokens: readonly string[], brace: number): string[] {
  const fields: string[] = [];
  let depth = 0;
  for (let i = brace; i < tokens.length; i++) {
    const token = tokens[i] ?? '';
    if ('({['.includes(token)) depth++;
    else if (')}]'.includes(token)) depth--;
    if (depth === 0) break;
    if (depth === 1 && /^[_A-Za-z]/.test(token) && isField(tokens, i)) fields.push(token);
  }
  return fields;
}

/** Of `alias: field` the field is one, of `@name`, `...name` and `... on Type` nothing. */
function isField(tokens: readonly string[], i: number): boolean {
  const before = tokens[i - 1];
  return tokens[i + 1] !== ':' && before !== '@' && before !== '...' && !(before === 'on' && tokens[i - 2] === '...');
}

/** The end of the first selection from a place on. */
function closing(tokens: readonly string[], from: number): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    if (tokens[i] === '{') depth++;
    else if (tokens[i] === '}' && --depth === 0) return i;
  }
  return tokens.length;
}
