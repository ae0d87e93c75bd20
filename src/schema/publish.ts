import type { Plugin } from '../plugins/plugin.js';
import { casesSchema } from './cases.js';
import { fileSchema } from './file.js';

/** The schema as it is published for editors and other validators: without what only this gateway's own messages read. */
export function publishedSchema(plugins: readonly Plugin[]): string {
  const internal = (key: string, value: unknown): unknown => (key === 'x-unsupported' || key === 'x-plugins' ? undefined : value);
  return `${JSON.stringify(fileSchema(plugins), internal, 2)}\n`;
}

/** The schema of files of cases, likewise. */
export function publishedCasesSchema(): string {
  return `${JSON.stringify(casesSchema, undefined, 2)}\n`;
}
