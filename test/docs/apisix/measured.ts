/** A category or a plugin: how many cases there are, pass, need a plugin that is not here, differ on purpose. */
export type Count = readonly [name: string, all: number, passed: number, missing: number, purpose: number];

/** What a run of the cases came to. */
export const MEASURED: { readonly categories: readonly Count[]; readonly plugins: readonly Count[] } = { categories: [], plugins: [] };

/** Cases that fail although every plugin that they name is here, by their reason. */
export const FAILURES: readonly (readonly [why: string, cases: readonly string[]])[] = [];
