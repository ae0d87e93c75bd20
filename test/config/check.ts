import type { Environment } from '../../src/config/placeholders.js';
import { sourceOf } from '../../src/config/source.js';
import { judge } from '../../src/diagnostics/checked.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { COLOURS, draw } from '../../src/diagnostics/draw.js';
import { github } from '../../src/diagnostics/github.js';
import { sarif } from '../../src/diagnostics/sarif.js';
import { createLoader, type Loaded, type Loader } from '../../src/load.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { Store } from '../../src/state/store.js';

const NONE: Environment = {};
const loaders = new WeakMap<Environment, Loader>();

/** One loader per environment: to make one takes longer than to use it. */
function loaderFor(env: Environment): Loader {
  const loader = loaders.get(env) ?? createLoader(PLUGINS, env);
  loaders.set(env, loader);
  return loader;
}

/** Loads a text as a start would, and lets go of what it made. */
export function load(text: string | Buffer, env: Environment = NONE, file = 'gateway.yaml'): { readonly loaded?: Loaded; readonly diagnostics: readonly Diagnostic[] } {
  const source = sourceOf(file, Buffer.from(text));
  if (!source.value) return { diagnostics: source.diagnostics };
  const { value, diagnostics } = loaderFor(env)(source.value, new Store(), 1);
  value?.table.retire(() => {});
  return value ? { loaded: value, diagnostics } : { diagnostics };
}

/** What is wrong with a text. */
export const check = (text: string | Buffer, env: Environment = NONE, file?: string): readonly Diagnostic[] => load(text, env, file).diagnostics;

/** `line:column code`, for each diagnostic. */
export const places = (diagnostics: readonly Diagnostic[]): string[] => diagnostics.map(({ code, range }) => `${range?.start.line}:${range?.start.column} ${code}`);

/** Everything that could reach a person or a log. */
export function rendered(diagnostics: readonly Diagnostic[]): string {
  const checked = [judge('gateway.yaml', diagnostics, true)];
  return [draw(diagnostics), draw(diagnostics, COLOURS), ...github(checked), JSON.stringify([checked, diagnostics, sarif(checked, '0.0.0')])].join('\n');
}
