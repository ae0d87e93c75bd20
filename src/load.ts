import { compile } from './compile/compile.js';
import { SURROUNDINGS, type Surroundings } from './compile/surroundings.js';
import type { RoutingTable } from './compile/table.js';
import { link } from './config/link.js';
import { parse } from './config/parse.js';
import type { Environment } from './config/placeholders.js';
import type { Outcome, Source } from './config/source.js';
import { createValidator } from './config/validate.js';
import type { Plugin } from './plugins/plugin.js';
import { fileSchema, type Config } from './schema/file.js';
import { Vocabulary } from './schema/vocabulary.js';
import type { Store } from './state/store.js';

/** What a file came to: the runnable table and the configuration that it was made of. */
export interface Loaded {
  readonly table: RoutingTable;
  readonly config: Config;
}

/** Turns the text of a file into a routing table, or tells everything that is wrong with it. */
export type Loader = (source: Source, store: Store, generation: number) => Outcome<Loaded>;

/**
 * The configuration path: parse → validate → link → compile. Each stage tells all that it can see, and the next one
 * runs only when it returned a value. Nothing here awaits, opens a socket or starts a timer.
 */
export function createLoader(plugins: readonly Plugin[], env: Environment, surroundings: Partial<Surroundings> = {}): Loader {
  const stages = createStages(plugins, env, { ...SURROUNDINGS, ...surroundings });
  return (source, store, generation) => {
    const { value, diagnostics } = stages(source, store, generation);
    const inOrder = diagnostics.toSorted((a, b) => (a.range?.start.offset ?? 0) - (b.range?.start.offset ?? 0));
    return value ? { value, diagnostics: inOrder } : { diagnostics: inOrder };
  };
}

function createStages(plugins: readonly Plugin[], env: Environment, surroundings: Surroundings): Loader {
  const validator = createValidator(plugins);
  const tools = { plugins, check: validator.options, surroundings };
  const vocabulary = new Vocabulary(fileSchema(plugins));
  return (source, store, generation) => {
    const parsed = parse(source, env, vocabulary);
    const document = parsed.value;
    if (!document) return { diagnostics: parsed.diagnostics };

    const validated = validator.document(document);
    const config = validated.value;
    if (!config) return { diagnostics: validated.diagnostics };

    const linked = link(config, document, plugins, env);
    const told = [...validated.diagnostics, ...linked.diagnostics];
    if (!linked.value) return { diagnostics: told };

    const compiled = compile(linked.value, document, tools, store, generation);
    const diagnostics = [...told, ...compiled.diagnostics];
    return compiled.value ? { value: { table: compiled.value, config }, diagnostics } : { diagnostics };
  };
}
