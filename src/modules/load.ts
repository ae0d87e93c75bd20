import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { printOf, readNow } from '../config/files.js';
import { pluginsOf } from './exports.js';
import type { Module, Modules, Problem } from './module.js';
import { told } from './told.js';

/** How long a module may take to load, in milliseconds: it declares plugins, and has nothing to wait for. */
const PATIENCE_MS = 5000;

/** Loads the modules of these names, which are relative to a folder; what cannot be used says why. */
export async function loadModules(names: readonly string[], folder: string, patience = PATIENCE_MS): Promise<Modules> {
  return new Map(await Promise.all(names.map(async (name): Promise<[string, Module]> => [name, await loadModule(resolve(folder, name), patience)])));
}

async function loadModule(path: string, patience: number): Promise<Module> {
  const content = readNow(path);
  const print = printOf(content);
  const refuse = (problem: Problem, edition = print): Module => ({ path, print, edition, plugins: [], problem });
  if (typeof content === 'string') return refuse({ message: `cannot be read (${content})`, hint: 'its name is relative to the folder of the configuration file' });
  // the time besides the content: what was saved while it was loaded is not taken for what was there before
  const edition = `${print.slice(0, 16)}-${(await stat(path).catch(() => undefined))?.mtimeMs ?? 0}`;
  try {
    // a query of its own makes Node.js read the file anew
    const found = pluginsOf(await inTime(import(`${pathToFileURL(path).href}?${edition}`) as Promise<object>, patience), print);
    return 'message' in found ? refuse(found, edition) : { path, print, edition, plugins: found };
  } catch (error) {
    return refuse(whyNot(error, path), edition);
  }
}

async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it was not loaded after ${milliseconds / 1000} s`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function whyNot(error: unknown, path: string): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') return { message: 'is written in TypeScript, which this version of Node.js does not run', hint: 'run the gateway on Node.js 22.18 or later, or compile the module to JavaScript' };
  return { message: `does not load: ${told(error)}${placeOf(error, path)}`, hint: `\`node ${path}\` tells more` };
}

/** The line of the file that threw, which stands in the stack alone. */
function placeOf(error: unknown, path: string): string {
  if (!(error instanceof Error)) return '';
  const from = (error.stack ?? '').split(path)[1];
  const line = /^(?:\?[^:]*)?:(\d+)/.exec(from ?? '')?.[1];
  return line === undefined ? '' : ` (line ${line})`;
}
