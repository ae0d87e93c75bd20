import { fileURLToPath } from 'node:url';
import type { Bench } from '../bench.js';
import type { Server } from '../processes.js';

/** Something that is measured. */
export interface Peer {
  readonly name: string;
  /** Resolves when it serves; throws with the reason when it cannot be had here. */
  start(bench: Bench): Promise<Server>;
}

/** Starts one of the programs in bench/servers, which tell their port when they are ready. */
export function serveOwn({ processes }: Bench, name: string, args: readonly (string | number)[] = []): Promise<Server> {
  const file = fileURLToPath(new URL(`../servers/${name}.js`, import.meta.url));
  return processes.serve({ command: process.execPath, args: [file, ...args.map(String)], ready: /^listening on (\d+)$/m });
}
