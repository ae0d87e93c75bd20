import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { hasErrors, type Path } from '../../src/diagnostics/diagnostic.js';
import { load } from './check.js';

const examples = new URL('../../../examples/', import.meta.url);

describe('what is told beside a fault is none of its consequences:', () => {
  for (const name of readdirSync(examples)) {
    const value: unknown = parse(readFileSync(new URL(`${name}/config.yaml`, examples), 'utf8'));
    // some refer to files that are made by hand
    if (hasErrors(load(JSON.stringify(value)).diagnostics)) continue;

    for (const [how, fault] of [['under another name', renamed], ['without a value', emptied]] as const) {
      it(`each field of the example ${name} ${how}`, () => {
        for (const path of fieldsOf(value)) {
          const { diagnostics } = load(JSON.stringify(at(value, path, fault)));
          // headers have any names
          assert.equal(diagnostics.filter(({ severity }) => severity === 'error').length, path.includes('headers') && fault === renamed && path.at(-1) !== 'headers' ? 0 : 1, `${path.join('.')}: ${diagnostics.map(({ message }) => message).join(', ')}`);
        }
      });
    }
  }
});

describe('what is told beside a fault is what else is wrong:', () => {
  for (const [what, fault] of Object.entries({
    'an upstream without an id': 'upstreams: [{nodes: {"127.0.0.1:1": 1}}]',
    'an upstream whose id is none': 'upstreams: [{id: a b, nodes: {"127.0.0.1:1": 1}}]',
    'a consumer without a name': 'consumers: [{desc: tom}]',
    'a consumer that is none': 'consumers: [tom, ann]',
    'metadata of no plugin': 'plugin_metadata: [{id: nope}]',
    'a certificate without its key': 'ssls: [{id: a}]',
    'a secret manager that is none': 'secrets: [{id: nope}]',
    'a block that nothing knows': 'upstreems: [{id: a}]',
  })) {
    it(what, () => {
      const { diagnostics } = load(`${fault}\nroutes: [{uri: /, upstream: {nodes: {"127.0.0.1:1": 1}}, plugins: {ip-restriction: {whitelist: [localhost]}}}]\n`);
      assert.ok(diagnostics.some(({ code }) => code === 'plugin-rejected'));
      assert.ok(diagnostics.some(({ path: [block] }) => block !== 'routes'));
    });
  }
});

type Fault = (fields: object, name: string) => object;

function renamed(fields: object, name: string): object {
  return Object.fromEntries(Object.entries(fields).map(([field, value]: [string, unknown]) => [field === name ? `${field}x` : field, value]));
}

function emptied(fields: object, name: string): object {
  return { ...fields, [name]: null };
}

/** A copy with a fault at a path. */
function at(value: unknown, [step, ...rest]: Path, fault: Fault): unknown {
  if (Array.isArray(value)) return value.map((item: unknown, i) => (i === step ? at(item, rest, fault) : item));
  const fields = value as Record<string, unknown>;
  return rest.length === 0 ? fault(fields, String(step)) : { ...fields, [String(step)]: at(fields[String(step)], rest, fault) };
}

function fieldsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, i) => fieldsOf(item, [...path, i]));
  return Object.entries(value).flatMap(([name, item]: [string, unknown]) => [[...path, name], ...fieldsOf(item, [...path, name])]);
}
