import type { FaultKind, UpstreamFault } from '../http1/index.js';

/** An upstream failure, or a client that left. */
export type Fault = 'no-upstream' | 'refused' | 'reset' | 'malformed' | 'timeout' | 'retry-timeout' | 'client-timeout' | 'client-closed';

/** The one place where failures become statuses. */
export const FAULT_STATUS: Readonly<Record<Fault, number>> = {
  'no-upstream': 503,
  refused: 502,
  reset: 502,
  malformed: 502,
  timeout: 504,
  // as in Apache APISIX, whatever the last attempt met
  'retry-timeout': 502,
  'client-timeout': 408,
  // nobody is there to see it; access logs do
  'client-closed': 499,
};

const FAULTS: Readonly<Record<FaultKind, Fault>> = {
  connect: 'refused',
  'connect-timeout': 'timeout',
  'send-timeout': 'timeout',
  'read-timeout': 'timeout',
  reset: 'reset',
  protocol: 'malformed',
  // the client's body was not what its head said, which only a client that breaks off does
  request: 'client-closed',
};

/** What the failure of an exchange with an upstream comes to. */
export function faultOf(fault: UpstreamFault): Fault {
  return FAULTS[fault.kind];
}
