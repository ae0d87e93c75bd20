import type { Connection } from './connection.js';

/** A timeout of a request, or the end of an idle connection's time. */
export type Overdue = 'idle-timeout' | 'connect-timeout' | 'send-timeout' | 'read-timeout';

/**
 * Which timeout a connection has exceeded at tick `now`. `activeAt` is up to one tick (`slack`)
 * older than what it dates, so a timeout never ends early, and at most two ticks late.
 */
export function overdue(connection: Connection, now: number, slack: number): Overdue | undefined {
  const { exchange } = connection;
  const waited = now - connection.activeAt - slack;
  if (exchange === undefined) return waited + slack >= connection.idleLimit ? 'idle-timeout' : undefined;
  const { timeouts } = exchange.request;
  if (!connection.connected) return waited >= timeouts.connect ? 'connect-timeout' : undefined;
  if (progress(connection, now)) return undefined;
  if (connection.queued > 0) return waited >= timeouts.send ? 'send-timeout' : undefined;
  return waited >= timeouts.read ? 'read-timeout' : undefined;
}

// Looked at only here, on each tick, so that sending costs nothing for it.
function progress(connection: Connection, now: number): boolean {
  const queued = connection.socket.writableLength;
  const moved = queued !== connection.queued;
  connection.queued = queued;
  const idle = queued === 0 && (connection.paused || connection.exchange?.awaiting !== true);
  if (moved || idle) connection.activeAt = now;
  return moved || idle;
}
