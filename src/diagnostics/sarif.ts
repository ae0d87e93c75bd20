import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Checked } from './checked.js';
import { CODES, type Code } from './codes.js';
import type { Diagnostic, Range } from './diagnostic.js';
import { FIXES } from './fixes.js';

/** A log, by a version of the gateway, in the Static Analysis Results Interchange Format, SARIF 2.1.0 (OASIS), as code scanning services take it. */
export function sarif(checked: readonly Checked[], version: string): object {
  // a file that is named twice is one artifact
  const files = [...new Set(checked.map(({ file }) => file))];
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'gateway', semanticVersion: version, rules: RULES.map(ruleOf) } },
      columnKind: 'utf16CodeUnits',
      artifacts: files.map((file) => ({ location: { uri: uriOf(file) } })),
      results: checked.flatMap(({ file, diagnostics }) => {
        const index = files.indexOf(file);
        return diagnostics.map((d) => resultOf(d, file, index));
      }),
    }],
  };
}

const RULES = Object.keys(CODES) as readonly Code[];

function ruleOf(code: Code): object {
  const text = `${CODES[code]} ${FIXES[code]}`;
  return {
    id: code,
    shortDescription: { text: CODES[code] },
    fullDescription: { text },
    help: { text, markdown: `${CODES[code]}\n\n${FIXES[code]}` },
  };
}

function resultOf({ code, severity, message, hint, range, related = [] }: Diagnostic, file: string, index: number): object {
  return {
    ruleId: code,
    ruleIndex: RULES.indexOf(code),
    level: severity,
    message: { text: hint === undefined ? message : `${message}\nHint: ${hint}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file), index }, ...(range && { region: regionOf(range) }) } }],
    ...(related.length > 0 && { relatedLocations: related.map((r, id) => ({ id, message: { text: r.message }, physicalLocation: { artifactLocation: { uri: uriOf(r.range.file) }, region: regionOf(r.range) } })) }),
  };
}

const regionOf = ({ start, end }: Range): object => ({ startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column });

/** A path as a URI reference: relative as it is, absolute as a file's URL. */
function uriOf(file: string): string {
  return isAbsolute(file) ? pathToFileURL(file).href : file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
}
