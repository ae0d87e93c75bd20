import type { Logger } from 'pino';
import type { GatewayRequest, GatewayResponse } from '../proxy/exchange.js';

/** Logs a request when it ends: no query, no header, so no credential. */
export function accessLog(log: Logger, req: GatewayRequest, res: GatewayResponse): void {
  const started = performance.now();
  const { remoteAddress } = req.socket;
  res.once('close', () => {
    const x = req.exchange;
    // 499: the client left before its answer was complete; a 101 hands its connection over before it is on its way
    const status = res.writableFinished || res.statusCode === 101 ? res.statusCode : 499;
    const milliseconds = Math.round((performance.now() - started) * 10) / 10;
    // of a request that was refused as it stands, the path is what was sent
    const path = x?.path ?? (req.url ?? '').split('?', 1)[0];
    const entry = {
      client: x?.origin.address ?? remoteAddress, method: req.method, path, status, milliseconds, route: x?.route?.id,
      consumer: x?.consumer?.username, node: x?.node?.authority, fault: x?.fault, generation: res.table?.generation,
    };
    log.info(entry, `${req.method} ${path} ${status} in ${milliseconds} ms`);
  });
}
