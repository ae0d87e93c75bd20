import { spawnSync } from 'node:child_process';
import { describeMachine, findProgram } from '../../bench/machine.js';
import { inMB, type Transfer } from './bulk.js';

/** One line of the summary. */
export interface Row {
  readonly part: string;
  readonly server: string;
  readonly skipped: boolean;
  readonly cases: number;
  readonly forwarded: number;
  readonly findings: readonly string[];
}

/** How many findings of one part are told in words. */
const SHOWN = 20;

/** Prints findings and the summary; returns the exit code. */
export function reportRun(rows: readonly Row[], transfers: readonly Transfer[]): number {
  for (const { part, server, findings } of rows) {
    for (const finding of findings.slice(0, SHOWN)) console.log(`FINDING: ${part}, ${server}: ${finding}`);
    if (findings.length > SHOWN) console.log(`FINDING: ${part}, ${server}: … and ${findings.length - SHOWN} more`);
  }
  for (const finding of transfers.flatMap((t) => t.findings)) console.log(`FINDING: ${finding}`);
  const { cpu, cores, memory, system, node } = describeMachine();
  const lines = [
    `\n${cpu}, ${cores} cores, ${memory}, ${system}, Node ${node.slice(1)}, ${versions().join(', ')}, ${new Date().toISOString().slice(0, 10)}\n`,
    '| server | part | cases | forwarded | findings |', '|---|---|---|---|---|',
    ...rows.map((r) => `| ${r.server} | ${r.part} | ${r.skipped ? 'skipped: not installed' : r.cases} | ${r.forwarded} | ${r.findings.length} |`),
    '\n| 500 MB to or from | seconds | gateway grew by | producer ahead by | findings |', '|---|---|---|---|---|',
    ...transfers.map((t) => `| ${t.name} | ${t.seconds.toFixed(0)} | ${inMB(t.growth)} | ${inMB(t.ahead)} | ${t.findings.length} |`),
  ];
  console.log(lines.join('\n'));
  return rows.some((r) => r.findings.length > 0) || transfers.some((t) => t.findings.length > 0) ? 1 : 0;
}

/** The programs that are here, with their versions. */
function versions(): string[] {
  return ['nginx', 'apache2', 'haproxy', 'lighttpd'].flatMap((name) => {
    const program = findProgram(name);
    if (program === undefined) return [];
    const { stdout, stderr } = spawnSync(program, ['-v'], { encoding: 'utf8', timeout: 5000 });
    return `${name} ${/\d+(?:\.\d+)+/.exec(stdout + stderr)?.[0] ?? '?'}`;
  });
}
