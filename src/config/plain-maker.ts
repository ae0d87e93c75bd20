import type { Scalar } from 'yaml';

type Type = NonNullable<Scalar['type']>;

/** Makes what a text is read into: nodes with their places, or values alone. Places are offsets. */
export interface Maker<T> {
  /** A text, a number, a boolean or nothing; `source` is what a plain one is written as. */
  scalar(value: unknown, type: Type, source: string, start: number, end: number): T;
  /** The same, as the key of a mapping. */
  key(value: unknown, type: Type, source: string, start: number, end: number): T;
  map(flow: boolean, start: number): T;
  list(flow: boolean, start: number): T;
  entry(map: T, key: T, value: T): void;
  item(list: T, value: T): void;
  /** Where brackets end. */
  end(collection: T, end: number): void;
}
