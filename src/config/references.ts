import type { Path } from '../diagnostics/diagnostic.js';
import type { PluginConfig } from '../schema/route.js';
import type { Environment } from './placeholders.js';
import type { Report } from './report.js';

/** `$env://NAME`, or `$env://NAME/field` where the variable holds JSON; in either case of letters, as APISIX takes it. */
const REFERENCE = /^\$env:\/\/([^/]+)(?:\/(.+))?$/i;

/** How shells and other tools write a variable. */
const LOOKALIKE = /^(?:\$[A-Z_][A-Z0-9_]*|\$\{[A-Za-z_]\w*\}|\{\{ ?[\w.]+ ?\}\}|\$?env:\/{0,2}\w+|%[A-Z_][A-Z0-9_]*%)$/;

/** A plugin configuration with every secret reference replaced by the secret. */
export function resolveReferences(conf: PluginConfig, path: Path, env: Environment, report: Report): PluginConfig {
  return resolve(conf, path, env, report) as PluginConfig;
}

function resolve(value: unknown, path: Path, env: Environment, report: Report): unknown {
  if (typeof value === 'string') return resolveReference(value, path, env, report);
  if (Array.isArray(value)) return value.map((item, i) => resolve(item, [...path, i], env, report));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, [...path, key], env, report)]));
}

/** A text, or the secret that it refers to. */
export function resolveReference(text: string, path: Path, env: Environment, report: Report): string {
  if (/^\$secret:\/\//i.test(text)) {
    report.error('unsupported-field', path, 'secret managers are not supported', { hint: 'use `$env://NAME`' });
    return text;
  }
  const match = REFERENCE.exec(text);
  if (!match) {
    // neither the value nor a name in it is quoted: it may be a key after all
    if (LOOKALIKE.test(text)) report.warning('literal-reference', path, `${report.nameOf(path)} looks like a reference to a variable, and is taken to the letter`, { hint: 'did you mean `$env://NAME`, with the name of an environment variable?' });
    return text;
  }
  const [, name = '', field] = match;
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  const secret = field === undefined || value === undefined ? value : fieldOf(value, field);
  if (secret) return secret;
  report.error('secret-not-set', path, field === undefined || value === undefined ? `the environment variable ${name} is not set` : `the environment variable ${name} holds no JSON with the field ${field}`, { hint: 'set it where the gateway is started' });
  return text;
}

function fieldOf(json: string, field: string): string | undefined {
  try {
    const value: unknown = (JSON.parse(json) as Record<string, unknown>)[field];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
