import { Lexer } from 'yaml';

/** A configuration nests about ten levels; beyond this the parser itself is at risk (deep nesting overflows its stack). */
const MAX_DEPTH = 64;

/** The 0-based offset at which a text nests too deep to be handed to the YAML parser, or undefined. */
export function tooDeepAt(text: string): number | undefined {
  const block = deepIndent(text);
  if (block !== undefined) return block;
  return mayBeDeepFlow(text) ? deepFlow(text) : undefined;
}

/** A line whose indent (spaces and block indicators) goes beyond what the depth allows. */
function deepIndent(text: string): number | undefined {
  const match = /^(?:[ \t]{512}|[ \t]*(?:[-?:][ \t]+){64})/m.exec(text);
  return match?.index;
}

/** Cheap and conservative: counts brackets without knowing of quotes. */
function mayBeDeepFlow(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x5b || c === 0x7b) {
      if (++depth > MAX_DEPTH) return true;
    } else if ((c === 0x5d || c === 0x7d) && depth > 0) depth--;
  }
  return false;
}

/** Exact: the lexer is iterative and tells flow indicators from text. */
function deepFlow(text: string): number | undefined {
  let depth = 0;
  let offset = 0;
  let before = '';
  for (const token of new Lexer().lex(text)) {
    // behind the mark of a scalar a bracket is text
    if (before !== '\x1f') {
      if ((token === '[' || token === '{') && ++depth > MAX_DEPTH) return offset;
      if ((token === ']' || token === '}') && depth > 0) depth--;
    }
    before = token;
    // the lexer's own marks (byte order, document, flow end, scalar) take no room in the text
    if (!/^[\x02\x18\x1f]$/.test(token)) offset += token.length;
  }
  return undefined;
}
