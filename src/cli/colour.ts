// apart from the log: a command that only prints does not wait for a logger

/** Whether a stream takes colours: FORCE_COLOR and NO_COLOR go before what it is, and a terminal may be too simple. */
export function useColour(stream: { readonly isTTY?: boolean }, { FORCE_COLOR, NO_COLOR, TERM }: NodeJS.ProcessEnv = process.env): boolean {
  // 0 and false switch them off, as in Node itself
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return stream.isTTY === true && TERM !== 'dumb';
}
