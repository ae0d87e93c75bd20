import { compile } from './compile/compile.js';
import { SURROUNDINGS, type Surroundings } from './compile/surroundings.js';
import type { RoutingTable } from './compile/table.js';
import { Document } from './config/document.js';
import { ReferencedFiles } from './config/files.js';
import { link } from './config/link.js';
import { parse } from './config/parse.js';
import type { Environment } from './config/placeholders.js';
import type { Outcome, Source } from './config/source.js';
import { createValidator } from './config/validate.js';
import type { Diagnostic, Path } from './diagnostics/diagnostic.js';
import type { Plugin } from './plugins/plugin.js';
import { fileSchema, type Config } from './schema/file.js';
import { Vocabulary } from './schema/vocabulary.js';
import type { Store } from './state/store.js';
import { atOnce, type Steps } from './steps.js';

/** What a file came to: the runnable table and the configuration that it was made of. */
export interface Loaded {
  readonly table: RoutingTable;
  readonly config: Config;
}

/** Turns the text of a file into a routing table, or tells everything that is wrong with it. */
export type Loader = (source: Source, store: Store, generation: number) => Outcome<Loaded>;

/** The configuration path, whole and in its halves. */
export interface ConfigPath {
  readonly load: Loader;
  /** parse → validate. */
  readonly read: (source: Source) => Outcome<{ readonly config: Config; readonly document: Document }>;
  /** link → compile, in steps, of a configuration that passed all stages elsewhere, where everything was told of it. */
  readonly assemble: (config: Config, origin: Pick<Source, 'file' | 'hash'>, store: Store, generation: number) => Steps<RoutingTable>;
}

/** The whole of the configuration path; see `createPath`. */
export function createLoader(plugins: readonly Plugin[], env: Environment, surroundings: Partial<Surroundings> = {}): Loader {
  return createPath(plugins, env, surroundings).load;
}

/**
 * The configuration path: parse → validate → link → compile. Each stage tells all that it can see, and the next one
 * runs only when it returned a value. Nothing here awaits, opens a socket or starts a timer.
 */
export function createPath(plugins: readonly Plugin[], env: Environment, surroundings: Partial<Surroundings> = {}): ConfigPath {
  const validator = createValidator(plugins);
  const vocabulary = new Vocabulary(fileSchema(plugins));
  const tools = { plugins, check: validator.options, surroundings: { ...SURROUNDINGS, ...surroundings } };

  const { files = new ReferencedFiles() } = surroundings;

  const read: ConfigPath['read'] = (source) => {
    const { value: document, diagnostics } = parse(source, env, vocabulary);
    if (!document) return { diagnostics };
    const validated = validator.document(document);
    return { diagnostics: validated.diagnostics, ...(validated.value && { value: { config: validated.value, document } }) };
  };

  function* make(config: Config, document: Document, store: Store, generation: number, switchedOff?: readonly Path[]): Steps<Outcome<RoutingTable>> {
    const linked = yield* link(config, document, plugins, env, files.begin());
    if (!linked.value) return { diagnostics: linked.diagnostics };
    tools.surroundings.onLinked?.(linked.value, document);
    const { value, diagnostics } = yield* compile(linked.value, document, { ...tools, switchedOff }, store, generation);
    return { diagnostics: [...linked.diagnostics, ...diagnostics], ...(value && { value }) };
  }

  return {
    read,
    load(source, store, generation) {
      const { value, diagnostics } = read(source);
      if (!value) return { diagnostics: inOrder(diagnostics) };
      // the schema accepted everything else
      const switchedOff = diagnostics.map(({ path }) => path);
      const made = atOnce(make(value.config, value.document, store, generation, switchedOff));
      const told = inOrder([...diagnostics, ...made.diagnostics]);
      return made.value ? { value: { table: made.value, config: value.config }, diagnostics: told } : { diagnostics: told };
    },
    *assemble(config, { file, hash }, store, generation) {
      const { value, diagnostics } = yield* make(config, Document.unread(file, hash, config, vocabulary), store, generation);
      if (value) return value;
      throw new Error(`a configuration was accepted, and then refused: ${diagnostics.map(({ code }) => code).join(', ')}`);
    },
  };
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted((a, b) => (a.range?.start.offset ?? 0) - (b.range?.start.offset ?? 0));
}
