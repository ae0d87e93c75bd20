/** The names of the properties that a schema marks with `x-secret`, themselves or in what they list, however deep they stand. */
export function markedNames(schema: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  gather(schema, names);
  return names;
}

function gather(schema: unknown, names: Set<string>): void {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'default' || keyword === 'examples' || keyword === 'enum') continue;
    if (keyword === 'properties') for (const [name, property] of Object.entries(value as object)) if (isMarked(property)) names.add(name);
    gather(value, names);
  }
}

function isMarked(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  const { 'x-secret': mark, items, additionalProperties: others } = schema as { readonly 'x-secret'?: unknown; readonly items?: unknown; readonly additionalProperties?: unknown };
  return mark === true || isMarked(items) || isMarked(others);
}
