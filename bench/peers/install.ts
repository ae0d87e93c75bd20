import { existsSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import type { Bench } from '../bench.js';

/** Installs packages into a folder outside of the project, where they stay for the next run; resolves to a file to require them from. */
export async function install({ processes, note }: Bench, name: string, packages: Readonly<Record<string, string>>): Promise<string> {
  const versions = Object.entries(packages).map(([id, version]) => `${id}@${version}`);
  // the versions are in the folder's name: another version is another folder
  const folder = join(os.tmpdir(), 'gateway-bench-peers', `${name}-${Object.values(packages).join('-')}`);
  if (!Object.keys(packages).every((id) => existsSync(join(folder, 'node_modules', id)))) {
    note(`installing ${versions.join(' ')} into ${folder}`);
    mkdirSync(folder, { recursive: true });
    // a peer's install scripts are none of ours to run
    await processes.run('npm', ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', ...versions], 120_000);
  }
  return join(folder, 'package.json');
}
