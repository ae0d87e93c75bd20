/** The port of a node that is written without one. */
export function portOf(scheme: string): number {
  return scheme === 'https' || scheme === 'grpcs' ? 443 : 80;
}
