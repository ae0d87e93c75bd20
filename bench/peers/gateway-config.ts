import { KEY } from '../request.js';

/** What a generated configuration holds. */
export interface Shape {
  /** One route for all paths, or many of a kind. */
  readonly routes: 'one' | 'exact' | 'prefix' | 'host';
  readonly count?: number;
  readonly consumers?: number;
  /** key-auth on every route, unless false. */
  readonly auth?: boolean;
}

/** Writes a configuration. The consumer whose key is used stands in the middle of the others. */
export function configuration({ routes, count = 1, consumers = 1, auth = true }: Shape, upstream: number): string {
  const middle = Math.floor(consumers / 2);
  const key = (i: number): string => (i === middle ? `${KEY.id}:${KEY.secret}` : `key-of-${i}`);
  const plugins = auth ? ', plugins: { key-auth: {} }' : '';
  return [
    'consumers:', ...list(consumers, (i) => `{ username: consumer-${i}, plugins: { key-auth: { key: "${key(i)}" } } }`),
    'routes:', ...list(count, (i) => `{ id: route-${i}, ${MATCH[routes](i)}, upstream_id: upstream${plugins} }`),
    'upstreams:', `  - { id: upstream, nodes: { "127.0.0.1:${upstream}": 1 } }`,
    '#END', '',
  ].join('\n');
}

/** The request that takes the route in the middle of so many. */
export function middleOf(routes: Shape['routes'], count: number): { path: string; headers: Readonly<Record<string, string>> } {
  const i = Math.floor(count / 2);
  if (routes === 'host') return { path: '/', headers: { Host: `host-${i}.example.com` } };
  return { path: routes === 'prefix' ? `/api/v1/resource-${i}/items` : `/api/v1/resource-${i}`, headers: {} };
}

const MATCH: Readonly<Record<Shape['routes'], (i: number) => string>> = {
  one: () => 'uri: "/*"',
  exact: (i) => `uri: /api/v1/resource-${i}`,
  prefix: (i) => `uri: "/api/v1/resource-${i}/*"`,
  host: (i) => `uri: "/*", host: host-${i}.example.com`,
};

const list = (count: number, item: (i: number) => string): string[] => Array.from({ length: count }, (_, i) => `  - ${item(i)}`);
