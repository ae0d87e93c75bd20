import { isSecretField } from '../config/secret-names.js';
import type { Change } from './change.js';

/** What changed between two values of one shape, a text for each field: `timeout.read: 60 → 5`. Secrets are masked. */
export function fieldChanges(before: object, after: object, prefix = ''): string[] {
  const old = new Map(Object.entries(before));
  const now = new Map(Object.entries(after));
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    const [a, b]: [unknown, unknown] = [old.get(key), now.get(key)];
    if (isMapping(a) && isMapping(b)) return fieldChanges(a, b, name);
    if (JSON.stringify(a) === JSON.stringify(b)) return [];
    if (a === undefined) return [`${name} added: ${show(key, b)}`];
    if (b === undefined) return [`${name} removed`];
    return [`${name}: ${show(key, a)} → ${show(key, b)}`];
  });
}

const MAX_LENGTH = 60;

function show(key: string, value: unknown): string {
  if (isSecretField(key, value)) return '********';
  // what is one change is one line
  const text = typeof value === 'string' && !/[\r\n]/.test(value) ? value : JSON.stringify(value, (name: string, item: unknown) => (isSecretField(name, item) ? '********' : item));
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

/** Of a whole resource: that it came or went, or the fields that changed. */
export function kindChanges(kind: string, id: string, before: object | undefined, after: object | undefined): Change[] {
  const texts = !before ? ['added'] : !after ? ['removed'] : fieldChanges(before, after);
  return texts.map((text) => ({ subject: `${kind} ${id}`, text, loosens: false }));
}

const isMapping = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
