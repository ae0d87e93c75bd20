import { createEchoServer } from '../echo/server.js';
import { openAll } from './addresses.js';
import { plainPlace } from './places.js';
import { createLog } from './log.js';

/** Starts the sample upstream. Resolves to its URL, or to undefined when it cannot listen, which was told. */
export async function echo(place: string): Promise<string | undefined> {
  const log = await createLog(undefined, 'info');
  const opened = await openAll([plainPlace(place)], createEchoServer, log);
  const url = opened?.[0]?.url;
  if (url) log.info(`sample upstream on ${url}; GET / lists its endpoints`);
  return url;
}
