/** An upstream failure, or a client that left. */
export type Fault = 'no-upstream' | 'refused' | 'reset' | 'malformed' | 'timeout' | 'client-timeout' | 'client-closed';

/** The one place where failures become statuses. */
export const FAULT_STATUS: Readonly<Record<Fault, number>> = {
  'no-upstream': 503,
  refused: 502,
  reset: 502,
  malformed: 502,
  timeout: 504,
  'client-timeout': 408,
  // nobody is there to see it; access logs do
  'client-closed': 499,
};

/** What an error of a connection to an upstream comes to. */
export function faultOf(error: unknown): Fault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('HPE_')) return 'malformed';
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT') return 'timeout';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'reset';
  return 'refused';
}
