import { compile, type CompileTools } from './compile/compile.js';
import { SURROUNDINGS, type Surroundings } from './compile/surroundings.js';
import type { RoutingTable } from './compile/table.js';
import { Document } from './config/document.js';
import { ReferencedFiles } from './config/files.js';
import { link } from './config/link.js';
import type { LinkedConfig } from './config/linked.js';
import { parse } from './config/parse.js';
import type { Environment } from './config/placeholders.js';
import type { Outcome, Source } from './config/source.js';
import { createValidator, type ConfigValidator } from './config/validate.js';
import { hasErrors, type Diagnostic, type Path } from './diagnostics/diagnostic.js';
import { pluginsIn, type Modules } from './modules/module.js';
import { refuseModules } from './modules/refuse.js';
import type { Plugin } from './plugins/plugin.js';
import { fileSchema, type Config } from './schema/file.js';
import { Vocabulary } from './schema/vocabulary.js';
import { Store } from './state/store.js';
import { atOnce, type Steps } from './steps.js';

/** What a file came to: the runnable table and the configuration that it was made of. */
export interface Loaded {
  readonly table: RoutingTable;
  readonly config: Config;
  /** All that it could use: the gateway's own, and those of its modules. */
  readonly plugins: readonly Plugin[];
}

/** Turns the text of a file into a routing table, or tells everything that is wrong with it. */
export type Loader = (source: Source, store: Store, generation: number) => Outcome<Loaded>;

/** A configuration that nothing is wrong with, as far as its schema can tell. */
export interface Read extends Pick<Loaded, 'config' | 'plugins'> {
  readonly document: Document;
}

/** The configuration path, whole and in its halves. */
export interface ConfigPath {
  readonly load: Loader;
  /** parse → validate. */
  readonly read: (source: Source) => Outcome<Read>;
  /** link → compile, in steps, of a configuration that passed all stages elsewhere, where everything was told of it. */
  readonly assemble: (config: Config, origin: Pick<Source, 'file' | 'hash' | 'modules'>, store: Store, generation: number) => Steps<RoutingTable>;
}

/** The whole of the configuration path; see `createPath`. */
export function createLoader(plugins: readonly Plugin[], env: Environment, surroundings: Partial<Surroundings> = {}): Loader {
  return createPath(plugins, env, surroundings).load;
}

/**
 * The configuration path: parse → validate → link → compile. Each stage tells all that it can see, and the next one
 * runs only when it returned a value; compiling also looks at what could be linked beside what could not. Nothing here awaits, opens a socket or starts a timer.
 */
export function createPath(plugins: readonly Plugin[], env: Environment, surroundings: Partial<Surroundings> = {}): ConfigPath {
  const kitFor = createKits(plugins, surroundings.watch);
  const { files = new ReferencedFiles() } = surroundings;

  const read: ConfigPath['read'] = (source) => {
    const kit = kitFor(source.modules);
    const { value: document, diagnostics } = parse(source, env, kit.vocabulary);
    if (!document) return { diagnostics };
    const refused = refuseModules(document, source.modules, plugins);
    if (hasErrors(refused)) return { diagnostics: refused };
    const validated = kit.validator.document(document);
    return { diagnostics: validated.diagnostics, ...(validated.value && { value: { config: validated.value, document, plugins: kit.plugins } }) };
  };

  function* make(config: Config, document: Document, { modules }: Pick<Source, 'modules'>, store: Store, generation: number, switchedOff?: readonly Path[]): Steps<Outcome<RoutingTable>> {
    const kit = kitFor(modules);
    const linked = yield* link(config, document, kit.plugins, env, files.begin(modules));
    const tools = { plugins: kit.plugins, check: kit.validator.options, surroundings: { ...SURROUNDINGS, ...surroundings } };
    if (!linked.value) return { diagnostics: [...linked.diagnostics, ...(linked.rest ? yield* errorsBeside(linked.diagnostics, linked.rest, document, tools) : [])] };
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
      const made = atOnce(make(value.config, value.document, source, store, generation, switchedOff));
      const told = inOrder([...diagnostics, ...made.diagnostics]);
      return made.value ? { value: { table: made.value, config: value.config, plugins: value.plugins }, diagnostics: told } : { diagnostics: told };
    },
    *assemble(config, origin, store, generation) {
      const unread = Document.unread(origin.file, origin.hash, config, kitFor(origin.modules).vocabulary);
      const { value, diagnostics } = yield* make(config, unread, origin, store, generation);
      if (value) return value;
      throw new Error(`a configuration was accepted, and then refused: ${diagnostics.map(({ code }) => code).join(', ')}`);
    },
  };
}

/** What else compiling finds wrong with what could be linked; nothing at places that something was told of, which would be its consequence. */
function* errorsBeside(told: readonly Diagnostic[], rest: LinkedConfig, document: Document, tools: CompileTools): Steps<readonly Diagnostic[]> {
  const { value, diagnostics } = yield* compile(rest, document, tools, new Store(), 0);
  value?.retire(() => {});
  const places = told.filter(({ severity }) => severity === 'error').map(({ path }) => path);
  return diagnostics.filter(({ severity, path }) => severity === 'error' && !places.some((place) => overlap(place, path)));
}

const overlap = (a: Path, b: Path): boolean => a.slice(0, b.length).every((step, i) => step === b[i]);

/** Plugins, and what is made of them once. */
interface Kit {
  readonly plugins: readonly Plugin[];
  readonly vocabulary: Vocabulary;
  readonly validator: ConfigValidator;
}

/** Makes what finds the kit for modules: that without any is kept, and the last one with some. */
function createKits(own: readonly Plugin[], watch: Surroundings['watch'] = (others) => others): (modules?: Modules) => Kit {
  const plain = kitOf(own);
  let last = { key: '', kit: plain };
  return (modules) => {
    if (!modules) return plain;
    const key = [...modules.values()].map(({ path, edition }) => `${path} ${edition}`).join('\n');
    if (key !== last.key) last = { key, kit: kitOf([...own, ...watch(pluginsIn(modules))]) };
    return last.kit;
  };
}

function kitOf(plugins: readonly Plugin[]): Kit {
  let validator: ConfigValidator | undefined;
  return {
    plugins,
    vocabulary: new Vocabulary(fileSchema(plugins)),
    // to compile the check takes longest, and modules with a fault come to none
    get validator() {
      return (validator ??= createValidator(plugins));
    },
  };
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted((a, b) => (a.range?.start.offset ?? 0) - (b.range?.start.offset ?? 0));
}
