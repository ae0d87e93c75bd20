import { looksLikeVariable, VARIABLE_HINT } from './variable-hints.js';

/** What was probably meant by a text that has not the form of its field, whatever the field. */
export function textHint(text: string): string | undefined {
  if (/^[“”„‘’«»]/.test(text)) return 'typographic quotes are part of the text: write plain ones, or none';
  return looksLikeVariable(text) ? VARIABLE_HINT : undefined;
}

/** What was probably meant by a text that is no path: a URL, an expression, a path without its slash. */
export function pathHint(text: string): string | undefined {
  const [, path = ''] = /^(?:https?:\/\/|\*?[\w-]+(?:\.[\w-]+)+(?=[:/]))[^/@?#]*(\/[^@?#]*)?$/.exec(text) ?? [];
  if (path !== '') return `write the path alone, \`${path}\`: the host has a field of its own, \`host\``;
  if (/^[~^]/.test(text)) return 'a path is no regular expression; `*` takes anything: `/api/*`';
  return /^[\w-][\w./*-]*$/.test(text) && !text.includes('..') ? `write \`/${text}\`` : undefined;
}

/** What was probably meant by a text that is no host: a URL, several hosts, a wildcard in the middle. */
export function hostHint(text: string): string | undefined {
  if (/^[\w.*-]+(?:\s*[,;]\s*|\s+)[\w.*-]/.test(text)) return 'one host stands here; several stand in `hosts`';
  const [, host] = /^(?:\w+:\/\/)?(\*?[\w.-]+)(?::\d*)?(?:\/[^@]*)?$/.exec(text) ?? [];
  if (host !== undefined) return `write \`${host}\``;
  return text.includes('*') ? 'a `*` stands at the beginning alone: `*.example.com`' : undefined;
}

/** What was probably meant by a text that is no `host:port` to listen on. */
export function listenHint(text: string): string | undefined {
  const [, host = '', port] = /^(?:\w+:\/\/)?([\w.-]+|\[[\da-fA-F:.]+\])(?::(\d+))?\/?$/.exec(text) ?? [];
  if (port !== undefined) return Number(port) > 65535 ? 'a port is at most 65535' : `write \`${host}:${port}\``;
  if (/^\d+$/.test(host)) return Number(host) > 65535 ? 'a port is at most 65535' : `write \`127.0.0.1:${host}\`, or \`0.0.0.0:${host}\` for the whole network`;
  return host === '' ? undefined : `write \`${host}:9080\`: a port belongs to it`;
}
