import type { Exchange } from '../plugins/plugin.js';
import type { Getters } from './request.js';

/** What is known once a node was asked, and once there is an answer. */
export const OF_THE_ANSWER: Getters = {
  balancer_ip: (x) => x.details.node?.host,
  balancer_port: (x) => (x.details.node ? String(x.details.node.port) : undefined),
  body_bytes_sent: (x) => String(x.details.bodyBytes),
  msec: () => (Date.now() / 1000).toFixed(3),
  request_time: (x) => seconds(x.details.elapsed),
  status: (x) => x.details.status?.toString(),
  time_iso8601: () => isoTime(new Date()),
  time_local: () => localTime(new Date()),
  upstream_addr: (x) => addressOf(x),
  upstream_header_time: (x) => seconds(x.details.upstreamTimes.head),
  upstream_response_time: (x) => seconds(x.details.upstreamTimes.end),
  upstream_status: (x) => x.details.upstreamStatuses.join(', ') || undefined,
};

function seconds(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : (milliseconds / 1000).toFixed(3);
}

function addressOf({ details: { node } }: Exchange): string | undefined {
  if (!node) return undefined;
  return `${node.host.includes(':') ? `[${node.host}]` : node.host}:${node.port}`;
}

/** `2026-11-27T10:00:00+01:00`. */
function isoTime(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${clock(date)}${zone(date, ':')}`;
}

/** `27/Nov/2026:10:00:00 +0100`. */
function localTime(date: Date): string {
  return `${two(date.getDate())}/${MONTHS[date.getMonth()] ?? ''}/${date.getFullYear()}:${clock(date)} ${zone(date, '')}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const clock = (date: Date): string => [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');

function zone(date: Date, between: string): string {
  const minutes = -date.getTimezoneOffset();
  return `${minutes < 0 ? '-' : '+'}${two(Math.trunc(Math.abs(minutes) / 60))}${between}${two(Math.abs(minutes) % 60)}`;
}

const two = (n: number): string => String(n).padStart(2, '0');
