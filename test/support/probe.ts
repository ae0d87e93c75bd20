import { plugin, type Binding, type Exchange, type Handlers, type Plugin, type Step } from '../../src/plugins/plugin.js';

/** A plugin of a test, made of its handlers. */
export function probe(compile: (options: { readonly [name: string]: unknown }, binding: Binding) => Handlers, name = 'probe', priority = 1): Plugin {
  return plugin({ name, priority, schema: { type: 'object', properties: {}, additionalProperties: true } as const, compile });
}

/** A plugin that does one thing in its access phase. */
export function inAccess(act: (x: Exchange) => Step): Plugin {
  return probe(() => ({ access: act }));
}

/** A configuration of one route with the probe, to one node. */
export function probed(port: number, options = '{}', more = ''): string {
  return `routes: [{id: r1, name: first, uri: /*, plugins: {probe: ${options}}, upstream: {nodes: {"127.0.0.1:${port}": 1}${more}}}]`;
}
