import { accessSync, constants, readFileSync } from 'node:fs';
import os from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ticksOf } from './cpu.js';

/** Where figures were measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory: string;
  readonly system: string;
  readonly node: string;
}

/** Describes this machine. */
export function describeMachine(): Machine {
  return {
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.cpus().length,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
  };
}

/** The full path of a program; undefined when it is not installed. */
export function findProgram(name: string): string | undefined {
  // Debian keeps servers in sbin, which is not on everybody's path
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** The last core that this process may use: the first ones serve most interrupts. */
export function lastCore(): number {
  const list = /^Cpus_allowed_list:\s+(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return Number(list.split(/[,-]/).at(-1));
}

/** The share of a core that others use at this moment, from 0 to 1. */
export async function otherLoad(core: number): Promise<number> {
  const [busy, all] = ticksOf(core);
  await sleep(1000);
  const [busyNow, allNow] = ticksOf(core);
  return allNow > all ? (busyNow - busy) / (allNow - all) : 0;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
