import { check } from './check.js';
import { HOSTILE } from './hostile-texts.js';

// each text twice in one process: the parser's fatal errors came with the second time
for (const [name, make] of Object.entries(HOSTILE)) {
  const text = make();
  for (let i = 0; i < 2; i++) {
    const started = performance.now();
    const found = check(text);
    const codes = [...new Set(found.map((d) => d.code))];
    process.stdout.write(`${JSON.stringify({ name, milliseconds: Math.round(performance.now() - started), codes })}\n`);
  }
}
process.stdout.write('"done"\n');
