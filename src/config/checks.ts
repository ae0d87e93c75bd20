import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type * as ajv from 'ajv';
import type standalone from 'ajv/dist/standalone/index.js';
import type { SchemaObject } from '../schema/file.js';
import { hoist } from './hoist.js';

const load = createRequire(import.meta.url);

/** What the schema is known by within this room. */
const FILE = 'file';

/** The check of a schema as code that the build wrote, with what tells of which schema it is. */
const PREPARED = './prepared.cjs';

type Check = ajv.ValidateFunction;

/** The checks of one schema and of what stands within it. */
export interface Checks {
  readonly whole: Check;
  /** Of what a JSON pointer (`#/…`) names. */
  at(pointer: string): Check;
}

/**
 * The checks of a schema: prepared by the build if it is the schema that the build knew, compiled now if not. To compile
 * the schema of the whole file takes a third of a start.
 */
export function checksOf(schema: SchemaObject): Checks {
  let compiler: ajv.Ajv | undefined;
  const compile = (name: string): Check => {
    const check = (compiler ??= compilerOf(schema)).getSchema(name);
    if (!check) throw new Error(`there is no schema ${name}`);
    return check;
  };
  return { whole: prepared(schema) ?? compile(FILE), at: (pointer) => compile(`${FILE}${pointer}`) };
}

/** What keeps a schema from being a part of the file's, in the words of its compiler; undefined when nothing does. */
export function schemaProblem(schema: SchemaObject): string | undefined {
  const compiler = compilerOf(schema, { optimize: false }, true);
  if (compiler.validateSchema(schema) !== true) return compiler.errorsText(compiler.errors, { dataVar: 'it' });
  compiler.getSchema(FILE);
  return undefined;
}

/** The check of a schema as the text of a CommonJS module, for the build. */
export function prepare(schema: SchemaObject): string {
  const { default: code } = load('ajv/dist/standalone') as { readonly default: typeof standalone.default };
  const compiler = compilerOf(schema, { source: true });
  const check = compiler.getSchema(FILE);
  if (!check) throw new Error('there is no schema of the file');
  return `${appending(code(compiler, check))}\nmodule.exports.key = ${JSON.stringify(keyOf(schema))};\n`;
}

/** The code of a check that adds errors to those before: its compiler copies them all for each entry of a list that is refused. */
const appending = (code: string): string => code.replace(/vErrors\.concat\(([^()]+)\)/g, '$1.reduce((all, error) => (all.push(error), all), vErrors)');

function prepared(schema: SchemaObject): Check | undefined {
  try {
    const check = load(PREPARED) as Check & { readonly key?: string };
    return check.key === keyOf(schema) ? check : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

const keyOf = (schema: SchemaObject): string => createHash('sha256').update(JSON.stringify(schema)).digest('hex');

function compilerOf(schema: SchemaObject, code: ajv.CodeOptions = { optimize: false, process: appending }, meta = false): ajv.Ajv {
  const { Ajv } = load('ajv') as typeof ajv;
  // that the schema is one is a test's to prove, and to optimise the check's code costs more than it saves: both would slow the start
  const cheap = { validateSchema: false, meta, inlineRefs: false, code } as const;
  const compiler = new Ajv({ ...cheap, allErrors: true, useDefaults: true, ownProperties: true, verbose: true, strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false });
  compiler.addVocabulary(['x-unsupported', 'x-plugins', 'x-secret', 'x-elsewhere']);
  return compiler.addSchema(hoist(schema), FILE);
}
