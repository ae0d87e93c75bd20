import { readdirSync, readFileSync } from 'node:fs';

/** What a tree of processes has used. */
export interface Usage {
  /** User and system time in microseconds, of children that have ended too. */
  readonly cpu: number;
  /** Resident memory in bytes. */
  readonly rss: number;
}

/** Linux tells times in ticks of 10 ms on every architecture that Node runs on (USER_HZ). */
const TICK = 10_000;

/** Reads what a process and all below it have used. */
export function usageOf(pid: number): Usage {
  const usages = treeOf(pid).map((member) => ({ cpu: cpuOf(read(`/proc/${member}/stat`)), rss: rssOf(read(`/proc/${member}/status`)) }));
  return { cpu: sum(usages.map(({ cpu }) => cpu)), rss: sum(usages.map(({ rss }) => rss)) };
}

/** A process and all below it, parents first. */
export function treeOf(pid: number): number[] {
  const children = tasksOf(pid).flatMap((task) => read(`/proc/${pid}/task/${task}/children`).split(' '));
  return [pid, ...children.filter((child) => child !== '').flatMap((child) => treeOf(Number(child)))];
}

/** The microseconds in a line of /proc/PID/stat: utime, stime, cutime and cstime (proc(5), fields 14 to 17). */
export function cpuOf(stat: string): number {
  // the command, field 2, may hold blanks and brackets itself
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return sum(fields.slice(11, 15).map(Number)) * TICK;
}

/** The bytes of VmRSS in /proc/PID/status. */
export function rssOf(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** How busy a core was since boot, in ticks: [busy, all]. */
export function ticksOf(core: number): readonly [number, number] {
  const line = new RegExp(`^cpu${core} (.*)$`, 'm').exec(read('/proc/stat'))?.[1] ?? '';
  const ticks = line.split(' ').slice(0, 8).map(Number);
  const [idle = 0, waiting = 0] = ticks.slice(3, 5);
  return [sum(ticks) - idle - waiting, sum(ticks)];
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    // it has ended meanwhile
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // a process that has ended meanwhile uses nothing
    return '';
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
