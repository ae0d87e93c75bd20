import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { validatorOf } from '../../src/config/validate.js';
import { parse } from '../../src/config/parse.js';
import { sourceOf } from '../../src/config/source.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { fileSchema } from '../../src/schema/file.js';
import { Vocabulary } from '../../src/schema/vocabulary.js';

/** What is told of a value by a schema. */
function told(schema: object, value: unknown): string[] {
  const whole = { type: 'object', properties: { a: schema } };
  const source = sourceOf('x.yaml', Buffer.from(JSON.stringify({ a: value }))).value;
  const document = source && parse(source, {}, new Vocabulary(whole)).value;
  assert.ok(document);
  return validatorOf(whole)(document).diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

const object = (properties: readonly string[], rest: object): object => ({ type: 'object', properties: Object.fromEntries(properties.map((name) => [name, {}])), ...rest });

describe('schema errors', () => {
  const CASES: readonly (readonly [string, object, unknown, readonly string[]])[] = [
    ['a choice of fields, none there', object(['x', 'y'], { oneOf: [{ required: ['x'] }, { required: ['y'] }] }), {}, ['missing-field: `a` needs `x` or `y`']],
    ['a choice of fields, both there', object(['x', 'y'], { oneOf: [{ required: ['x'] }, { required: ['y'] }] }), { x: 1, y: 1 }, ['conflicting-fields: `a` has both `x` and `y`']],
    ['a choice of kinds, another kind', { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'integer' } }] }, true, ['wrong-type: `a` must be a text or a list, and is `true`']],
    ['a choice of kinds, the one kind with a fault', { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'integer' } }] }, [1, 'b'], ['wrong-type: `a[1]` must be a whole number, and is a text']],
    ['a choice of kinds, one of them with a pattern', { oneOf: [{ type: 'string', pattern: '^\\S+$' }, { type: 'integer' }] }, 'b c', ['wrong-value: `a` must have no spaces']],
    ['a field that asks for another', object(['x', 'y'], { dependencies: { x: ['y'] } }), { x: 1 }, ['missing-field: `x` needs `y` beside it']],
    ['too many entries', { type: 'array', maxItems: 1 }, [1, 2], ['wrong-value: `a` must have at most 1 of its entries']],
    ['a constant', { const: 'b' }, 'c', ['wrong-value: `a` must be `b`']],
    ['a bound that is excluded', { type: 'number', exclusiveMaximum: 5 }, 5, ['wrong-value: `a` must be less than 5']],
    ['a misspelt field that is required', object(['username'], { required: ['username'], additionalProperties: false }), { usrename: 1 }, ['unknown-field: `a` has no field `usrename`']],
  ];
  for (const [name, schema, value, expected] of CASES) {
    it(`are told as a person would: ${name}`, () => assert.deepEqual(told(schema, value), expected));
  }

  it('all have words of ours, whatever keyword the schemas use', async () => {
    const { WORDS } = await import('../../src/config/schema-words.js');
    const silent = new Set(['$schema', '$id', '$ref', 'title', 'description', 'default', 'examples', 'definitions', 'properties', 'items', 'allOf', 'if', 'then', 'else']);
    const used = [...keywordsOf(fileSchema(PLUGINS))].filter((keyword) => !silent.has(keyword) && !keyword.startsWith('x-'));
    assert.deepEqual(used.filter((keyword) => !(keyword in WORDS)), []);
  });
});

const DATA: readonly string[] = ['default', 'examples', 'enum', 'const', 'required'];

function keywordsOf(schema: unknown, into = new Set<string>()): Set<string> {
  if (Array.isArray(schema)) for (const item of schema) keywordsOf(item, into);
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return into;
  for (const [keyword, value] of Object.entries(schema)) {
    into.add(keyword);
    if (keyword === 'properties' || keyword === 'definitions') for (const property of Object.values(value as object)) keywordsOf(property, into);
    else if (!DATA.includes(keyword)) keywordsOf(value, into);
  }
  return into;
}
