import { check } from './check.js';
import { HOSTILE } from './hostile-texts.js';

// each text twice in one process: the parser's fatal errors came with the second time
for (const [name, make] of Object.entries(HOSTILE)) {
  const text = make();
  for (let i = 0; i < 2; i++) {
    const before = process.cpuUsage();
    const found = check(text);
    const codes = [...new Set(found.map((d) => d.code))];
    // of the processor: a machine that runs tests is busy
    const used = process.cpuUsage(before);
    process.stdout.write(`${JSON.stringify({ name, milliseconds: Math.round((used.user + used.system) / 1000), codes })}\n`);
  }
}
process.stdout.write('"done"\n');
