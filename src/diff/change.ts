/** What a change does to who gets in, and to what the gateway believes; the gravest first. */
export const SECURITY = [
  'authentication-removed', 'restriction-loosened', 'upstream-verification-off', 'trusted-proxies-widened', 'admin-address-opened',
  'credential-added', 'credential-changed', 'credential-removed',
] as const;

/** One of them. */
export type Security = (typeof SECURITY)[number];

/** What changed about a resource. */
export type Action = 'added' | 'removed' | 'changed';

/** One thing that changed between two configurations. Nothing of it is a secret. */
export interface Change {
  /** The block of the file: `routes`, `consumers`, `gateway`. */
  readonly resource: string;
  /** What the resource goes by within its block; the gateway's own block has none. */
  readonly id?: string | undefined;
  /** `route getting-started-ip`, `consumer tom`. */
  readonly subject: string;
  readonly action: Action;
  /** Where in the resource: `plugins.key-auth.header`. Undefined when it came, went or changed its place as a whole. */
  readonly field?: string | undefined;
  /** What stood there, secrets masked; undefined when nothing did, or nothing of it may be told. */
  readonly before?: unknown;
  readonly after?: unknown;
  /** In words: `key-auth disabled`. */
  readonly text: string;
  readonly security?: Security | undefined;
}

/** Whether a change lets through what was held back, or believes what was not believed. */
export function opens({ security }: Change): boolean {
  return security !== undefined && !security.startsWith('credential-');
}

/** What changes do to security, each once, the gravest first: `authentication removed`. */
export function flagsOf(changes: readonly Change[]): readonly string[] {
  const found = new Set(changes.map(({ security }) => security));
  return SECURITY.filter((security) => found.has(security)).map((security) => security.replaceAll('-', ' '));
}

/** The change without its values, where nobody knows which of them are secret; true and false are none. */
export function withoutValues(change: Change): Change {
  const { before, after, ...rest } = change;
  if ([before, after].every((value) => value === undefined || typeof value === 'boolean')) return change;
  const what = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  return { ...rest, text: `${rest.field ?? rest.subject} ${what}` };
}
