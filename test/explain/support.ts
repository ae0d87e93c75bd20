import assert from 'node:assert/strict';
import { sourceOf } from '../../src/config/source.js';
import { createExplain, type Question } from '../../src/explain/explain.js';
import type { Explanation } from '../../src/explain/explanation.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { plugin, type Plugin } from '../../src/plugins/plugin.js';

const schema = { type: 'object', properties: { name: { type: 'string' }, when: { type: 'string' } }, additionalProperties: false } as const;

/** Replies with 418 in its access phase to requests that have a header. */
export const teapot = plugin({
  name: 'teapot', priority: 100, schema,
  compile: ({ when = 'x-teapot' }) => ({ access: (x) => (x.headerValues(when).length > 0 ? { status: 418, body: 'a teapot\n' } : undefined) }),
});

/** Has a phase of each kind, and hides a header. */
export const marker = plugin({
  name: 'marker', priority: 200, schema,
  compile: ({ when = 'x-hidden' }) => ({ rewrite: (x) => void x.removeHeader(when), access: async () => undefined }),
});

/** Asks other servers, and must not be run. */
export const asking = plugin({
  name: 'asking', priority: 150, needs: 'network', schema,
  compile: () => ({ access() { throw new Error('it was run'); } }),
});

export const ALL: readonly Plugin[] = [...PLUGINS, teapot, marker, asking];

const ask = createExplain(ALL, {});

/** Explains a request to a configuration that is good. */
export async function explained(config: string, question: Partial<Question>): Promise<Explanation> {
  const { value: source } = sourceOf('config.yaml', Buffer.from(config));
  assert.ok(source);
  const { value, diagnostics } = await ask({ method: 'GET', url: '/', headers: {}, from: '127.0.0.1', body: undefined, ...question }, source);
  assert.ok(value, JSON.stringify(diagnostics));
  return value;
}

/** What the plugins of an explanation do, in short: `key-auth@route/a rewrite passes`. */
export const steps = ({ plugins }: Explanation): string[] => plugins.map(({ plugin: name, source, phase, outcome }) => `${name}@${source} ${phase} ${outcome}`);
