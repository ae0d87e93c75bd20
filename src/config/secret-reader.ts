import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Path } from '../diagnostics/diagnostic.js';
import type { SecretConfig } from '../schema/secret.js';
import { itemsOf } from './items.js';
import type { Environment } from './placeholders.js';
import type { Report } from './report.js';

/** `$env://NAME`, or `$env://NAME/field` where the variable holds JSON; in either case of letters, as APISIX takes it. */
const VARIABLE = /^\$env:\/\/([^/]+)(?:\/(.+))?$/i;

/** `$secret://file/run/name`, or with a field behind it where the secret is JSON. */
const SECRET = /^\$secret:\/\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?(?:\/(.+))?$/i;

/** A secret manager's, well formed or not. */
const MANAGED = /^\$secret:\/\//i;

/** How shells and other tools write a variable. */
const LOOKALIKE = /^(?:\$[A-Z_][A-Z0-9_]*|\$\{[A-Za-z_]\w*\}|\{\{ ?[\w.]+ ?\}\}|\$?env:\/{0,2}\w+|%[A-Z_][A-Z0-9_]*%)$/;

/** Whether a text stands for a secret, or looks as if it was meant to. */
export function isReference(text: string): boolean {
  return VARIABLE.test(text) || LOOKALIKE.test(text) || MANAGED.test(text);
}

/** Where a secret was looked for, in words, and what was found. */
interface Found {
  readonly where: string;
  readonly value: string | undefined;
}

/** Puts secrets in place of the references to them, when a configuration is loaded. No message quotes what it read. */
export class SecretReader {
  readonly #managers: ReadonlyMap<string, SecretConfig>;

  constructor(configs: readonly SecretConfig[], private readonly env: Environment, private readonly report: Report) {
    const items = itemsOf('secrets', 'secret manager', configs, report);
    for (const { path, config } of items.values()) this.#check(config, path);
    this.#managers = new Map([...items].map(([id, { config }]) => [id, config]));
  }

  /** The data with every reference replaced; the same object where there is none. */
  resolve<T>(data: T, path: Path): T {
    return mayRefer(data) ? (this.#within(data, path, () => {}) as T) : data;
  }

  /** The same of a credential, in which a text that only looks like a reference is told of: it may be a slip. */
  resolveCredential<T>(data: T, path: Path): T {
    return this.#within(data, path, (text, at) => this.#doubt(text, at)) as T;
  }

  #within(value: unknown, path: Path, plain: (text: string, path: Path) => void): unknown {
    if (typeof value === 'string') return this.#text(value, path, plain);
    if (typeof value !== 'object' || value === null) return value;
    let copy: Record<string, unknown> | unknown[] | undefined;
    for (const [key, item] of Object.entries(value)) {
      const resolved = this.#within(item, [...path, Array.isArray(value) ? Number(key) : key], plain);
      if (resolved === item) continue;
      copy ??= Array.isArray(value) ? [...(value as unknown[])] : { ...value };
      Object.assign(copy, { [key]: resolved });
    }
    return copy ?? value;
  }

  #text(text: string, path: Path, plain: (text: string, path: Path) => void): string {
    const [, name, field] = VARIABLE.exec(text) ?? [];
    if (name !== undefined) return this.#take(this.#variable(name), field, path) ?? text;
    if (!MANAGED.test(text)) {
      plain(text, path);
      return text;
    }
    const [, manager = '', id = '', key = '', inner] = SECRET.exec(text) ?? [];
    const found = this.#find(`${manager.toLowerCase()}/${id}`, key, path);
    return (found && this.#take(found, inner, path)) ?? text;
  }

  #find(id: string, key: string, path: Path): Found | undefined {
    const manager = this.#managers.get(id);
    if (manager && key !== '') return manager.directory === undefined ? this.#variable(`${manager.prefix ?? ''}${key}`) : this.#file(manager.directory, key);
    if (/^(?:vault|aws|gcp)\//.test(id)) this.report.error('unsupported-secret', path, 'secrets of vault, aws and gcp are not fetched', { hint: 'let the secret manager write files or set variables: `$secret://file/<id>/<name>`, `$env://NAME`' });
    else if (key === '') this.report.error('secret-not-set', path, 'a reference to a secret is `$secret://<manager>/<id>/<name>`', { hint: 'for example: $secret://file/run/db' });
    else {
      const near = this.report.near(id, this.#managers);
      this.report.error('dangling-reference', path, 'there is no secret manager of this id', { hint: near ? `did you mean \`$secret://${near}/…\`?` : 'add it to `secrets`' });
    }
    return undefined;
  }

  #take({ where, value }: Found, field: string | undefined, path: Path): string | undefined {
    const secret = field === undefined || value === undefined ? value : fieldOf(value, field);
    if (secret) return secret;
    const [message, hint] = value === undefined || field === undefined ? [`${where} is not set`, 'set it where the gateway is started'] : [`${where} holds no JSON with the field ${field}`, undefined];
    this.report.error('secret-not-set', path, message, { hint });
    return undefined;
  }

  #variable(name: string): Found {
    return { where: `the environment variable ${name}`, value: Object.hasOwn(this.env, name) ? this.env[name] : undefined };
  }

  /** A file of the directory; without the line break that editors end it with. */
  #file(directory: string, name: string): Found {
    const where = `the secret ${name} in ${directory}`;
    // nothing outside of the directory, whatever a name says
    if (name === '.' || name === '..' || /[\\/\0]/.test(name)) return { where, value: undefined };
    try {
      return { where, value: readFileSync(join(directory, name), 'utf8').replace(/\r?\n$/, '') };
    } catch {
      // told of as what is not set: why is for whoever has to set it
      return { where, value: undefined };
    }
  }

  #doubt(text: string, path: Path): void {
    // neither the value nor a name in it is quoted: it may be a key after all
    if (LOOKALIKE.test(text)) this.report.warning('literal-reference', path, `${this.report.nameOf(path)} looks like a reference to a variable, and is taken to the letter`, { hint: 'did you mean `$env://NAME`, with the name of an environment variable?' });
  }

  #check({ id, directory, prefix }: SecretConfig, path: Path): void {
    const inFiles = id.startsWith('file/');
    if (inFiles && directory === undefined) this.report.error('missing-field', path, `the secrets of \`${id}\` need a \`directory\``, { spot: 'key', hint: 'for example: /run/secrets' });
    if (!inFiles && directory !== undefined) this.report.error('conflicting-fields', [...path, 'directory'], 'environment variables stand in no directory', { spot: 'key', hint: 'an id that starts with `file/` is for files' });
    if (inFiles && prefix !== undefined) this.report.error('conflicting-fields', [...path, 'prefix'], 'files are named without a prefix', { spot: 'key', hint: 'an id that starts with `env/` is for environment variables' });
  }
}

/** Of most data it is known at a glance that it holds no reference. */
function mayRefer(data: unknown): boolean {
  if (typeof data === 'string') return data.startsWith('$');
  if (typeof data !== 'object' || data === null) return false;
  for (const key in data) if (mayRefer((data as Readonly<Record<string, unknown>>)[key])) return true;
  return false;
}

function fieldOf(json: string, field: string): string | undefined {
  try {
    const value: unknown = (JSON.parse(json) as Record<string, unknown>)[field];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
