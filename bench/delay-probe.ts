import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/**
 * Preloaded into a gateway (`NODE_OPTIONS=--import`): tells how long its event loop was kept from going round since it was
 * last asked, and what memory it takes, on the port in GATEWAY_DELAY_PORT.
 */
if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  createServer((_, res) => {
    res.end(JSON.stringify({ max: delay.max / 1e6, rss: process.memoryUsage.rss() / 1e6 }));
    delay.reset();
  }).listen(Number(process.env['GATEWAY_DELAY_PORT']), '127.0.0.1').unref();
}
