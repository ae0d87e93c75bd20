import type { GatewayConfig } from '../schema/gateway.js';

/** How long a client may take, in milliseconds; and how little it may send. */
export interface ClientLimits {
  /** The whole head of a request. */
  readonly header: number;
  /** A pause within a request's body. */
  readonly body: number;
  /** Bytes per second that a body comes to, once its allowance is over; 0: no limit. */
  readonly rate: number;
  /** Milliseconds of a body that the rate does not count. */
  readonly allowance: number;
  /** A kept-alive connection without a request. */
  readonly idle: number;
  /** A pause in taking an answer. */
  readonly write: number;
}

/** Any body is given so long before its rate counts: what slow starts and lost packets cost an honest client. */
const ALLOWANCE_MS = 10_000;

/** The limits that a configuration sets. */
export function clientLimitsOf({ header, body, min_rate, idle, write }: GatewayConfig['client_timeouts']): ClientLimits {
  return { header: header * 1000, body: body * 1000, rate: min_rate, allowance: Math.min(body * 1000, ALLOWANCE_MS), idle: idle * 1000, write: write * 1000 };
}
