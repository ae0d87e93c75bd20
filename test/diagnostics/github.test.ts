import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic, Position } from '../../src/diagnostics/diagnostic.js';
import { github } from '../../src/diagnostics/github.js';

const at = (line: number, column: number): Position => ({ line, column, offset: 0 });
const diagnostic: Diagnostic = { code: 'wrong-value', severity: 'warning', message: '100 % wrong::\r\nsee', path: [], range: { file: 'x', start: at(2, 3), end: at(2, 9) } };
const only = (file: string, d: Diagnostic): string => github([{ file, valid: true, diagnostics: [d] }])[0] ?? '';

test('a workflow command keeps to one line, and nothing in a file name or a message ends its parts', () => {
  assert.equal(only('a,b:c%\n.yaml', diagnostic), '::warning file=a%2Cb%3Ac%25%0A.yaml,line=2,endLine=2,col=3,endColumn=9,title=wrong-value::100 %25 wrong::%0D%0Asee');
});

test('of a place that goes over several lines no columns are told, and of a whole file nothing', () => {
  assert.equal(only('f', { ...diagnostic, message: 'm', range: { file: 'f', start: at(2, 3), end: at(4, 1) } }), '::warning file=f,line=2,endLine=4,title=wrong-value::m');
  const { range: _, ...whole } = diagnostic;
  assert.equal(only('f', { ...whole, message: 'm' }), '::warning file=f,title=wrong-value::m');
});

test('related places and the hint stand below the message', () => {
  assert.match(only('f', { ...diagnostic, message: 'm', hint: 'h', related: [{ message: 'first here', range: { file: 'g', start: at(1, 2), end: at(1, 3) } }] }), /::m%0Afirst here: g:1:2%0Ahint: h$/);
});

test('nothing of a message is obeyed by the terminal that shows it', () => {
  assert.match(only('f', { ...diagnostic, message: 'no field `a\u001b[31mb`', hint: 'a\u202eb' }), /::no field `a·\[31mb`%0Ahint: a·b$/);
});
