import { readFileSync } from 'node:fs';

/** The fenced blocks of one language in a text of the documentation. */
export function blocksOf(file: string, language: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map((m) => m[1] ?? '');
}
