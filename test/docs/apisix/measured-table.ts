import { FAILURES, MEASURED, type Count } from './measured.js';
import { table } from './table.js';

/** What was measured, as it stands on the page. */
export function measured(): string {
  return `## Measured

Cases drawn from Apache APISIX's own test suite: a configuration, requests, and what must come back; or a configuration that
must be accepted or refused. Each was passed by APISIX 3.18. A case needs a plugin that is not here when its configuration
names one; of the others that fail, each is named below.

${counts('by category', MEASURED.categories)}
${counts('by plugin', MEASURED.plugins)}
### Those that fail, with every plugin there

${table(['why', 'cases'], FAILURES.map(([why, cases]) => [why, cases.map((id) => `\`${id}\``).join(' ')]))}`;
}

function counts(title: string, rows: readonly Count[]): string {
  const cells = rows.map(([name, all, passed, missing, purpose]) => [name, `${passed} / ${all}`, String(missing), String(purpose), String(all - passed - missing - purpose)]);
  return table([title, 'passed / all', 'need a plugin that is not here', 'differ on purpose', 'to be mended'], cells);
}
