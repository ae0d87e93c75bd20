import type { Logger } from 'pino';
import type { Exchange } from '../proxy/exchange.js';

/** Logs an exchange when it ends: no query, no header, so no credential. */
export function accessLog(log: Logger, x: Exchange): void {
  x.res.once('close', () => {
    // 499: the client left before its answer was complete
    const status = x.res.writableFinished ? x.res.statusCode : 499;
    const milliseconds = Math.round((performance.now() - x.started) * 10) / 10;
    const entry = { client: x.origin.address, method: x.method, path: x.path, status, milliseconds, route: x.route?.id, consumer: x.consumer?.username, node: x.node?.authority, fault: x.fault, generation: x.table.generation };
    log.info(entry, `${x.method} ${x.path} ${status} in ${milliseconds} ms`);
  });
}
