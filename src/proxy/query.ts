/** Every value of a query argument, decoded as forms are (`+` is a space); true for one without `=`. */
export function argumentValues(query: string, name: string): (string | true)[] {
  const values: (string | true)[] = [];
  for (const part of query.split('&')) {
    const equals = part.indexOf('=');
    if (decode(equals < 0 ? part : part.slice(0, equals)) === name) values.push(equals < 0 ? true : decode(part.slice(equals + 1)));
  }
  return values;
}

/** The query without an argument, all others as they were sent; undefined when nothing is left. */
export function withoutArgument(query: string, name: string): string | undefined {
  const rest = query.split('&').filter((part) => decode(part.split('=', 1)[0] ?? '') !== name);
  return rest.length > 0 ? rest.join('&') : undefined;
}

/** Percent-decodes as UTF-8 what is that, and byte by byte what is not. */
function decode(text: string): string {
  if (!/[%+]/.test(text)) return text;
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  }
}
