import type { Exchange, Value } from '../plugins/plugin.js';
import { suggest } from '../diagnostics/suggest.js';
import { OF_THE_ANSWER } from './answer.js';
import { graphqlOf } from './graphql.js';
import { bodyTextOf, bodyValue, formValue } from './post.js';
import { OF_THE_CONNECTION, OF_THE_REQUEST, OF_THE_RESOURCES } from './request.js';
import { unicode } from './text.js';

/** What of a body a variable looks into: fields, which bodies of some types have, or all of it. */
export type BodyNeed = 'needs-fields' | 'needs-body';

/** A variable, compiled. */
export interface Variable {
  /** What must have been read; undefined for most. */
  readonly needs: BodyNeed | undefined;
  get(x: Exchange): Value;
}

/** The greater of two needs. */
export function greaterNeed(a: BodyNeed | undefined, b: BodyNeed | undefined): BodyNeed | undefined {
  return a === 'needs-body' ? a : b ?? a;
}

/** Compiles a variable of nginx's or Apache APISIX's; undefined when there is none of this name. */
export function variable(name: string): Variable | undefined {
  const plain = PLAIN.get(name);
  if (plain) return plain;
  for (const [prefix, make] of FAMILIES) {
    if (name.length > prefix.length && name.startsWith(prefix)) return make(name.slice(prefix.length));
  }
  return undefined;
}

/** Every variable that has a name of its own, and the beginnings of the others. */
export function variableNames(): string[] {
  return [...PLAIN.keys(), ...FAMILIES.map(([prefix]) => prefix)];
}

/** The name that was probably meant by one that there is not; families of names are told by an example. */
export function variableNear(name: string): string | undefined {
  const bare = /^\$\{?([^{}]*)\}?$/.exec(name)?.[1];
  if (bare !== undefined) return variable(bare) ? bare : variableNear(bare);
  const [, habit = '', rest = ''] = /^(headers?|query|args|params?|cookies)[_.](.+)$/i.exec(name) ?? [];
  if (Object.hasOwn(HABITS, habit.toLowerCase())) return variableNear(`${HABITS[habit.toLowerCase()]}${rest}`);
  const family = FAMILIES.find(([prefix]) => name.toLowerCase().replaceAll('-', '_').startsWith(prefix));
  if (family) return `${family[0]}${/^(sent_)?http_$/.test(family[0]) ? name.slice(family[0].length).toLowerCase().replaceAll('-', '_') : name.slice(family[0].length)}`;
  return suggest(name, PLAIN.keys());
}

/** What other gateways call families of variables. */
const HABITS: Readonly<Record<string, string>> = { header: 'http_', headers: 'http_', query: 'arg_', args: 'arg_', param: 'arg_', params: 'arg_', cookies: 'cookie_' };

function of(get: (x: Exchange) => Value): Variable {
  return { needs: undefined, get };
}

const PLAIN: ReadonlyMap<string, Variable> = new Map<string, Variable>([
  ...Object.entries({ ...OF_THE_REQUEST, ...OF_THE_CONNECTION, ...OF_THE_RESOURCES, ...OF_THE_ANSWER }).map(([name, get]) => [name, of(get)] as const),
  ['request_body', { needs: 'needs-body', get: bodyTextOf }],
  ['graphql_operation', { needs: 'needs-body', get: (x) => graphqlOf(x)?.operation }],
  ['graphql_name', { needs: 'needs-body', get: (x) => graphqlOf(x)?.name }],
  ['graphql_root_fields', { needs: 'needs-body', get: (x) => graphqlOf(x)?.rootFields }],
]);

type Family = readonly [prefix: string, make: (name: string) => Variable | undefined];

const FAMILIES: readonly Family[] = [
  ['http_', (name) => {
    const wanted = name.toLowerCase().replaceAll('-', '_');
    return of((x) => joined(x.details.forwardedValues(wanted), wanted === 'cookie' ? '; ' : ', '));
  }],
  ['arg_', (name) => of((x) => x.argumentValues(name)[0])],
  ['cookie_', (name) => of((x) => optional(x.cookie(name)))],
  ['uri_param_', (name) => of((x) => optional(x.details.parameters?.get(name)))],
  ['post_arg_', (name) => ({ needs: 'needs-fields', get: (x) => formValue(x, name) })],
  ['post_arg.', (path) => bodyValue(path)],
  ['sent_http_', (name) => {
    const wanted = name.toLowerCase().replaceAll('-', '_');
    return of((x) => joined(x.details.responseHeaders.filter((_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase().replaceAll('-', '_') === wanted), ', '));
  }],
];

const optional = (value: string | undefined): string | undefined => (value === undefined ? undefined : unicode(value));

const joined = (values: readonly string[], separator: string): string | undefined => (values.length === 0 ? undefined : unicode(values.length === 1 ? (values[0] ?? '') : values.join(separator)));
