import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { starter } from './starter.js';

const SCHEMA = fileURLToPath(new URL('../../../schemas/gateway.schema.json', import.meta.url));

/** Writes a configuration file to start from; never over one that is there, unless forced. Returns the exit code. */
export function init(file: string, force: boolean): number {
  try {
    writeFileSync(file, starter(schemaFrom(file), randomBytes(24).toString('hex')), { flag: force ? 'w' : 'wx' });
  } catch (error) {
    process.stderr.write(`${reasonOf(file, error)}\n`);
    return 1;
  }
  const word = inShell(file);
  // whoever came by npx has no `gateway` in the path
  const gateway = process.env['npm_command'] === 'exec' ? 'npx gateway' : 'gateway';
  process.stdout.write(`${file} is written. Next:

  ${gateway} validate ${word}
  ${gateway} echo &                # a sample upstream
  ${gateway} start -c ${word}

  curl -i http://127.0.0.1:9080/ip -H 'apikey: the key of this file'
`);
  return 0;
}

/** A file as it is named in a shell: in quotes where that is needed, and never like an option. */
function inShell(file: string): string {
  const name = file.startsWith('-') ? `./${file}` : file;
  return /^[\w@%+=:,./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

/** Where the schema lies, seen from a file: relative within the project that has this package, else absolute. */
function schemaFrom(file: string): string {
  const [project = ''] = SCHEMA.split(`${sep}node_modules${sep}`);
  const folder = dirname(resolve(file));
  const home = project === SCHEMA ? dirname(dirname(SCHEMA)) : project;
  const inside = relative(home, folder);
  return inside.startsWith('..') || isAbsolute(inside) ? pathToFileURL(SCHEMA).href : relative(folder, SCHEMA).split(sep).join('/').replace(/^(?!\.)/, './');
}

function reasonOf(file: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EEXIST') return `${file} is there already: name another file, or replace it with --force`;
  if (code === 'ENOENT') return `there is no folder ${dirname(file)}`;
  return `${file} cannot be written${code && ` (${code})`}`;
}
