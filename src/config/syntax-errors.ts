import { isCollection, isScalar, visit, type Document as YamlDocument } from 'yaml';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Document } from './document.js';
import { Report } from './report.js';
import { slipOf, type SyntaxError } from './syntax-slips.js';

/** One slip of the pen makes several errors, and the first ones tell it. */
const MOST_ERRORS = 10;

/** Tells what the parser found, of each slip of the pen once; the document is that of the same text. */
export function syntaxErrors(yaml: YamlDocument, document: Document): readonly Diagnostic[] {
  const report = new Report(document);
  const { text } = document.source;
  const lines = new Set<number>();
  for (const error of yaml.errors.slice(0, MOST_ERRORS)) {
    // of one line the first error tells it; the others are its consequence
    const { line } = document.range(error.pos[0], error.pos[1]).start;
    if (lines.has(line)) continue;
    lines.add(line);
    const opening = /^Missing closing|to end with|end with a/.test(error.message) ? openingOf(yaml, error.pos[0]) : undefined;
    if (opening !== undefined) {
      const bracket = /[[{]/.test(text.charAt(opening));
      report.at('yaml-syntax', document.range(opening, opening + 1), `this ${bracket ? 'bracket' : 'quote'} is never closed`, { hint: 'what follows is read as part of it' });
      // the errors behind it are its consequence
      return report.diagnostics;
    }
    const slip = slipOf(error as SyntaxError, text);
    report.at('yaml-syntax', document.range(slip.start, slip.end), slip.message, { hint: slip.hint });
    if (slip.explainsTheRest) break;
  }
  return report.diagnostics;
}

/** Where the quote or bracket stands that is still open at an offset. */
function openingOf(yaml: YamlDocument, offset: number): number | undefined {
  let opening: number | undefined;
  visit(yaml, {
    Node: (_, node) => {
      const [start = 0, end = start] = node.range ?? [];
      const opens = isScalar(node) ? node.type?.startsWith('QUOTE') : isCollection(node) && node.flow;
      if (opens && start < offset && end >= offset - 1) opening = Math.max(opening ?? 0, start);
    },
  });
  return opening;
}
