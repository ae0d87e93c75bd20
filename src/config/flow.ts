/** A value as it is written on one line of YAML, for hints. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return `{${Object.entries(value).map(([key, item]) => `${name(key)}: ${flow(item)}`).join(', ')}}`;
  return typeof value === 'string' ? text(value) : String(value);
}

const name = (key: string): string => (/^[A-Za-z][\w-]*$/.test(key) ? key : JSON.stringify(key));

/** Without quotes where every reader of YAML takes it for a text. */
const text = (value: string): string => (/^(?:[A-Za-z/]|\d+\.\d+\.)[\w./:*-]*$/.test(value) && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(value) ? value : JSON.stringify(value));
