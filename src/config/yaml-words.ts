import type { ErrorCode } from 'yaml';
import type { Code } from '../diagnostics/codes.js';

interface Words {
  readonly code: Code;
  readonly message: string;
  readonly hint?: string;
}

const QUOTE = 'a text with special characters needs quotes';

/** The parser's own messages may quote the text, so each error is said in our words. */
const WORDS: Partial<Record<ErrorCode, Omit<Words, 'code'>>> = {
  BAD_ALIAS: { message: 'this alias is not well formed', hint: 'a text that starts with `*` or `&` needs quotes: "*.example.com"' },
  BAD_DIRECTIVE: { message: 'a line that starts with `%` is a YAML directive', hint: QUOTE },
  BAD_DQ_ESCAPE: { message: 'this backslash sequence means nothing in double quotes', hint: 'use single quotes, or double the backslash' },
  BAD_INDENT: { message: 'the indentation does not fit what stands above', hint: 'entries of one mapping or list start in the same column' },
  BAD_SCALAR_START: { message: 'a plain text cannot start with this character', hint: QUOTE },
  BLOCK_AS_IMPLICIT_KEY: { message: 'a nested mapping or list cannot start on this line', hint: 'a text with `: ` in it needs quotes; or does a line below stand too far right?' },
  BLOCK_IN_FLOW: { message: 'a block list or mapping cannot stand within brackets', hint: 'is a comma missing before it, or is a bracket left open?' },
  MISSING_CHAR: { message: 'something is missing here', hint: 'a comma, a colon with a space after it, a closing quote or a closing bracket' },
  MULTILINE_IMPLICIT_KEY: { message: 'this line has no colon with a space after it', hint: 'write `key: value`' },
  TAB_AS_INDENT: { message: 'a tab cannot indent YAML', hint: 'use spaces, here and wherever else a line starts with a tab' },
  TAG_RESOLVE_FAILED: { message: 'this tag means nothing here', hint: 'a text that starts with `!` needs quotes' },
  UNEXPECTED_TOKEN: { message: 'this does not belong here', hint: 'is a colon missing, or a bracket or quote left open above?' },
  KEY_OVER_1024_CHARS: { message: 'a key is longer than 1024 characters', hint: 'is a colon missing?' },
  MULTIPLE_DOCS: { message: 'a configuration is one document', hint: 'remove the `---` line' },
  RESOURCE_EXHAUSTION: { message: 'the text nests too deep', hint: 'look for unclosed brackets' },
};

/** How a syntax error is told. */
export function yamlWords(code: ErrorCode): Words {
  return { code: 'yaml-syntax', ...(WORDS[code] ?? { message: 'this is not valid YAML' }) };
}
