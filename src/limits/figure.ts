/** The number that a script of a limit answers with; throws for what is none, which would let everybody pass. */
export function figure(reply: unknown): number {
  const number = typeof reply === 'string' && reply !== '' ? Number(reply) : reply;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new Error('the script of a limit did not answer as it does');
}
