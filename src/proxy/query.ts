/**
 * The value of a query argument: undefined when it is not there, true when it has no value,
 * a list when it stands several times. Names and values are decoded as forms are (`+` is a space).
 */
export function argument(query: string | undefined, name: string): string | true | readonly (string | true)[] | undefined {
  if (query === undefined) return undefined;
  let found: string | true | (string | true)[] | undefined;
  for (const [key, value] of pairs(query)) {
    if (key !== name) continue;
    if (found === undefined) found = value;
    else found = Array.isArray(found) ? [...found, value] : [found, value];
  }
  return found;
}

/** The query without an argument, all others as they were sent; undefined when nothing is left. */
export function withoutArgument(query: string, name: string): string | undefined {
  const rest = query.split('&').filter((part) => decode(part.split('=', 1)[0] ?? '') !== name);
  return rest.length > 0 ? rest.join('&') : undefined;
}

function* pairs(query: string): Generator<[string, string | true]> {
  for (const part of query.split('&')) {
    const equals = part.indexOf('=');
    yield equals < 0 ? [decode(part), true] : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))];
  }
}

/** Percent-decodes what is well formed, and leaves the rest as it is. */
function decode(text: string): string {
  if (!/[%+]/.test(text)) return text;
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  }
}
