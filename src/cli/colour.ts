// apart from the log: a command that only prints does not wait for a logger

/** Whether a stream takes colours: FORCE_COLOR and NO_COLOR go before what it is. */
export function useColour(stream: { readonly isTTY?: boolean }): boolean {
  const { FORCE_COLOR, NO_COLOR } = process.env;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return stream.isTTY === true;
}
