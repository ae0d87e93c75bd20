import type { ErrorObject } from 'ajv';
import { PORT } from '../schema/common.js';
import { hostHint, listenHint, pathHint, textHint } from './form-hints.js';

interface Form {
  /** Continues `routes[0].uri must …`. */
  readonly must: string;
  readonly hint?: string;
  /** What was probably meant by a text, if that can be told. */
  readonly meant?: (text: string) => string | undefined;
}

/** What the patterns of the schemas ask for, in words. */
const FORMS: Readonly<Record<string, Form>> = {
  '^/|^\\*$': { must: 'be a path, which starts with `/`', hint: 'for example: /ip, /api/*', meant: pathHint },
  '^/[!-~]*$': { must: 'be a path, which starts with `/` and has no spaces' },
  '^\\[?[0-9a-zA-Z._:-]+\\]?$': { must: 'be `name` or `name:port`' },
  [`^(\\[[0-9a-fA-F:]+\\]|[0-9.]+):${PORT}$`]: { must: 'be the address and port of a DNS server' },
  '^[0-9a-fA-F]{64}$': { must: 'be a SHA-256: 64 hexadecimal digits', hint: '`gateway hash-key` makes it from a key' },
  '^[a-zA-Z0-9_-]+$': { must: 'consist of letters, digits, `_` and `-`' },
  '^[a-zA-Z0-9._-]+$': { must: 'consist of letters, digits, `.`, `_` and `-`' },
  '^[a-zA-Z0-9._-]+(/credentials/[a-zA-Z0-9._-]+)?$': { must: 'be `<username>/credentials/<id>`', hint: 'for example: tom/credentials/phone' },
  '^(file|env)/[a-zA-Z0-9._-]+$': { must: 'be `file/<name>` or `env/<name>`', hint: 'secrets of vault, aws and gcp are not fetched: let the secret manager write files or set variables' },
  '^\\S+$': { must: 'have no spaces' },
  '^(\\*|\\*?[0-9a-zA-Z-._\\[\\]:]+)$': { must: 'be a host name, without a scheme or a path', meant: hostHint },
  '^[0-9a-zA-Z-._\\[\\]:]+$': { must: 'be a host name, with a port or without' },
  "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$": { must: 'be the name of a header, which has no spaces', hint: 'for example: x-api-key' },
  '^[ !#-\\[\\]-~]+$': { must: 'be plain ASCII without quotes and backslashes' },
  '^[A-Z]+ (/|https?://)[!-~]*$': { must: 'be a method and a target, with one space between them', hint: 'for example: GET /ip?a=1; the method in capitals, the target from its `/`, what is no plain ASCII percent-encoded' },
  '^(\\*|\\*\\*|null|\\w+://[^,\\s]+(,\\w+://[^,\\s]+)*)$': { must: 'be origins, each with its scheme, and commas without spaces between them; or `*`' },
  '^\\*?[0-9a-zA-Z-._\\[\\]:]+$': { must: 'be a host name, without a scheme or a path', meant: hostHint },
  '^\\*?[0-9a-zA-Z-_.]+$': { must: 'be a server name, with `*.` before it or without', meant: hostHint },
  '^[ !#-\\[\\]-~]*$': { must: 'be plain ASCII without quotes and backslashes' },
  '^[ -~]*$': { must: 'be plain ASCII' },
  '^[!-~]+$': { must: 'be plain ASCII without spaces' },
  '^[A-Za-z0-9_-]{1,64}$': { must: 'be 1 to 64 letters, digits, `_` and `-`' },
  '^/[!-:<-~]*$': { must: 'be a path, which starts with `/` and has no spaces and no `;`' },
  '^[^/@\\s]+$': { must: 'be a host name or an address, without a scheme and a password', meant: hostHint },
  '^[A-Za-z0-9.-]+$': { must: 'be a host name, without a scheme, a port and a path', meant: hostHint },
  '\\.m?[jt]s$': { must: 'end with .js, .mjs, .ts or .mts' },
  '^[\\t\\x20-\\x7e\\x80-\\xff]*$': { must: 'be what a header can hold: no line breaks, and nothing beyond Latin-1' },
  [`^(\\[[0-9a-fA-F:.]+\\]|[^:\\s\\[\\]]*):${PORT}$`]: { must: 'be `host:port`', meant: listenHint },
};

/** How a text is told that does not match its pattern. */
export function formOf({ params, parentSchema, data }: ErrorObject): Form {
  const examples = parentSchema?.['examples'] as unknown[] | undefined;
  const texts = examples?.filter((e) => typeof e === 'string') ?? [];
  const { must, hint, meant } = FORMS[String(params['pattern'])] ?? unnamed(String(params['pattern']));
  const said = typeof data === 'string' ? (textHint(data) ?? meant?.(data)) : undefined;
  const shown = said ?? hint ?? (texts.length > 0 ? `for example: ${texts.join(', ')}` : undefined);
  return { must, ...(shown !== undefined && { hint: shown }) };
}

const unnamed = (pattern: string): Form => ({ must: `match ${pattern}` });
