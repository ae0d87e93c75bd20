import { isMap, isScalar, isSeq, type Node } from 'yaml';

/** A half-open stretch of 0-based offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Names whose values are secrets wherever they stand. */
const SECRET_NAME = /(^|[_-])(key|keys|secret|secrets|password|passwd|token|private|credential|credentials)([_-]|$)/i;
/** Names that match the above and hold no secret. */
const HARMLESS_NAME = /^(.*-auth|key|hide_credentials|credentials?_header|key_claim_name|key_type)$/i;

/**
 * The stretches of a text that no message may ever show: every scalar of a consumer's plugins, and values of
 * secret-sounding names elsewhere. Of a text that did not parse, whatever might be one.
 */
export function secretSpans(text: string, root: Node | null, broken: boolean): readonly Span[] {
  const spans: Span[] = [];
  collect(root, [], spans);
  if (broken) collectFromText(text, spans);
  return spans.sort((a, b) => a.start - b.start);
}

function collect(node: unknown, path: readonly string[], spans: Span[]): void {
  if (isSeq(node)) for (const item of node.items) collect(item, [...path, '*'], spans);
  else if (isMap(node)) {
    for (const { key, value } of node.items) collect(value, [...path, isScalar(key) ? String(key.value) : ''], spans);
  } else if (isScalar(node) && node.range && isSecret(path)) spans.push({ start: node.range[0], end: node.range[1] });
}

/** A path counts by its names: below a consumer's plugins everything but `_meta`, elsewhere the name of the value. */
function isSecret(path: readonly string[]): boolean {
  if (path[0] === 'consumers') return path[2] === 'plugins' ? path[4] !== '_meta' : !CONSUMER_FIELDS.has(path[2] ?? '');
  const name = path.findLast((step) => step !== '*') ?? '';
  return isSecretName(name);
}

/** Whether a field of this name may hold a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !HARMLESS_NAME.test(name);
}

/** What of a consumer may be shown; anything else may be a credential in the wrong place. */
const CONSUMER_FIELDS = new Set(['username', 'id', 'name', 'desc', 'labels', 'group_id', 'create_time', 'update_time']);

/** Line by line: hides values in the consumers' block, of secret-sounding names, and where there is no block style. */
function collectFromText(text: string, spans: Span[]): void {
  let block = '';
  let offset = 0;
  for (const line of text.split('\n')) {
    const top = /^["']?([\w-]+)["']?\s*:/.exec(line);
    if (top) block = top[1] ?? '';
    const entry = /^\s*(?:-\s+)*["']?([\w.-]+)["']?\s*:\s+(?=\S)/.exec(line);
    const hide = block === '' || block === 'consumers' || /["'{[]/.test(line) || SECRET_NAME.test(entry?.[1] ?? '');
    const start = offset + (entry ? entry[0].length : line.length - line.trimStart().length);
    const end = offset + line.trimEnd().length;
    if (hide && end > start && !line.trimStart().startsWith('#') && !/:\s*$/.test(line)) spans.push({ start, end });
    offset += line.length + 1;
  }
}
