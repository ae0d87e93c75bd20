/** A JSON Schema (draft-07), written `as const` so that the type of its data can be inferred. */
export type Schema = object;

/** The TypeScript type of the data that a schema accepts, once defaults are filled in. Knows the keywords that schemas here use. */
export type Infer<S> =
  S extends { readonly enum: readonly (infer E)[] } ? E :
  S extends { readonly type: infer T } ? OfType<T extends readonly (infer U)[] ? U : T, S> :
  unknown;

type OfType<T, S> = T extends keyof Simple ? Simple[T] : T extends 'object' ? ObjectOf<S> : T extends 'array' ? ArrayOf<S> : never;

interface Simple {
  string: string;
  number: number;
  integer: number;
  boolean: boolean;
  null: null;
}

type ArrayOf<S> = S extends { readonly items: infer I } ? readonly Infer<I>[] : readonly unknown[];

type ObjectOf<S> =
  S extends { readonly properties: infer P } ? Flat<{ readonly [K in Present<S, P>]: Infer<P[K]> } & { readonly [K in Exclude<keyof P, Present<S, P>>]?: Infer<P[K]> }> :
  S extends { readonly additionalProperties: infer A extends object } ? { readonly [key: string]: Infer<A> } :
  { readonly [key: string]: unknown };

/** Fields that are there for certain: required ones, and those with a default. */
type Present<S, P> = keyof P & (Required<S> | { [K in keyof P]: P[K] extends { readonly default: unknown } ? K : never }[keyof P]);

type Required<S> = S extends { readonly required: readonly (infer R)[] } ? R : never;

type Flat<T> = { [K in keyof T]: T[K] };
