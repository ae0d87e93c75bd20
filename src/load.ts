import { compile, type CompileTools } from './compile/compile.js';
import { SURROUNDINGS, type Surroundings } from './compile/surroundings.js';
import type { RoutingTable } from './compile/table.js';
import { Document } from './config/document.js';
import { readNow, ReferencedFiles } from './config/files.js';
import { link } from './config/link.js';
import type { LinkedConfig } from './config/linked.js';
import { parse } from './config/parse.js';
import type { Environment } from './config/placeholders.js';
import { besides } from './config/remainder.js';
import type { Outcome, Source } from './config/source.js';
import { createValidator, type ConfigValidator, type Rest } from './config/validate.js';
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

/** What the schema leaves of a configuration that it refuses. */
type Remains = Rest & Pick<Read, 'document'>;

/** The configuration path, whole and in its halves. */
export interface ConfigPath {
  readonly load: Loader;
  /** parse → validate. */
  readonly read: (source: Source) => Outcome<Read> & { readonly rest?: Remains };
  /** link → compile, in steps, of a configuration that passed all stages elsewhere, where everything was told of it. */
  readonly assemble: (config: Config, origin: Pick<Source, 'file' | 'hash' | 'modules'>, store: Store, generation: number) => Steps<RoutingTable>;
}

/** The whole of the configuration path; see `createPath`. */
export function createLoader(plugins: readonly Plugin[], env: Environment, surroundings: Partial<Surroundings> = {}): Loader {
  return createPath(plugins, env, surroundings).load;
}

/**
 * The configuration path: parse → validate → link → compile. Each stage tells all that it can see, and the next one
 * makes something only of what the one before it accepted. Of a file that is refused, the later stages look at what the faults
 * leave, and tell what else is wrong. Nothing here awaits, opens a socket or starts a timer.
 */
export function createPath(plugins: readonly Plugin[], env: Environment, surroundings: Partial<Surroundings> = {}): ConfigPath {
  const kitFor = createKits(plugins, surroundings.watch);
  const { files = new ReferencedFiles() } = surroundings;

  const read: ConfigPath['read'] = (source) => {
    const kit = kitFor(source.modules);
    const { value: sound, rest: legible, diagnostics } = parse(source, env, kit.vocabulary);
    const document = sound ?? legible;
    if (!document) return { diagnostics };
    const refused = refuseModules(document, source.modules, plugins);
    // without its modules a configuration cannot be judged; of one that YAML's rules refuse they were not loaded
    if (hasErrors(refused)) return { diagnostics: sound ? refused : diagnostics };
    const { value, rest, diagnostics: told } = kit.validator.document(document, diagnostics);
    return { diagnostics: told, ...(value && { value: { config: value, document, plugins: kit.plugins } }), ...(rest && { rest: { ...rest, document } }) };
  };

  function* make(config: Config, document: Document, { modules }: Pick<Source, 'modules'>, store: Store, generation: number, switchedOff?: readonly Path[]): Steps<Outcome<RoutingTable>> {
    const kit = kitFor(modules);
    const { linked, diagnostics: told } = yield* link(config, document, kit.plugins, env, files.begin(modules));
    if (hasErrors(told)) return { diagnostics: [...told, ...besides(told, refusals(linked, document, kit))] };
    const tools = toolsOf(kit);
    tools.surroundings.onLinked?.(linked, document);
    const { value, diagnostics } = yield* compile(linked, document, { ...tools, switchedOff }, store, generation);
    return { diagnostics: [...told, ...diagnostics], ...(value && { value }) };
  }

  /** What linking and compiling find wrong with what the schema leaves of a configuration; nothing comes of it. */
  function lookOn({ config, document, namesLost }: Remains, told: readonly Diagnostic[], { modules }: Source): readonly Diagnostic[] {
    const kit = kitFor(modules);
    const { linked, diagnostics } = atOnce(link(config, document, kit.plugins, env, readNow));
    return besides(told, [...diagnostics, ...besides(diagnostics, refusals(linked, document, kit))], namesLost);
  }

  /** What compiling finds wrong with what could be linked; nothing comes of it. Not told of what was read elsewhere: requests wait for that. */
  function refusals(linked: LinkedConfig, document: Document, kit: Kit): readonly Diagnostic[] {
    if (!document.isHere) return [];
    const { value, diagnostics } = atOnce(compile(linked, document, toolsOf(kit), new Store(), 0));
    value?.retire(() => {});
    return diagnostics;
  }

  const toolsOf = (kit: Kit): CompileTools => ({ plugins: kit.plugins, check: kit.validator.options, surroundings: { ...SURROUNDINGS, ...surroundings } });

  return {
    read,
    load(source, store, generation) {
      const { value, rest, diagnostics } = read(source);
      if (!value) return { diagnostics: inOrder([...diagnostics, ...(rest ? lookOn(rest, diagnostics, source) : [])]) };
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
