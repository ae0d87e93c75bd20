import httpProxy from 'http-proxy-3';
import type { Exchange, GatewayRequest } from './exchange.js';
import { Forwarding } from './forwarding.js';

/** Sends an exchange to its upstream, and the upstream's answer to the client. */
export type Forward = (x: Exchange) => void;

type Pass = (req: GatewayRequest) => unknown;

/** Makes the way to the upstreams; `report` is told of bugs of ours that an answer met, `failed` of exchanges whose node failed. */
export function createForwarder(report: (error: unknown) => void, failed: (x: Exchange) => void): Forward {
  const proxy = createProxy(report, failed);
  return (x) => proxy.web(x.req, x.res);
}

/**
 * The embedded proxy. Of http-proxy-3's passes its own `stream` is replaced by ours, and `deleteLength` is taken out:
 * it turns a DELETE with a chunked body into two requests (request smuggling).
 */
export function createProxy(report: (error: unknown) => void, failed: (x: Exchange) => void = () => {}) {
  const proxy = httpProxy.createProxyServer<typeof GatewayRequest>({ target: UNUSED });
  const passes = livePasses(proxy);
  // in place: whatever holds the list sees the same one
  passes.splice(0, passes.length, ...passes.filter((pass) => pass.name !== 'deleteLength'));
  proxy.before('web', 'stream', function forward({ exchange }: GatewayRequest): boolean {
    if (exchange) new Forwarding(exchange, report, failed).start();
    // true ends the passes: the stock one never runs
    return true;
  });
  return proxy;
}

/** The proxy wants a target before it runs its passes; ours takes the node from the exchange. */
const UNUSED = 'http://127.0.0.1:0';

/** The passes that a request goes through, in order. */
export function livePasses(proxy: object): Pass[] {
  const { webPasses } = proxy as { webPasses: Pass[] };
  return webPasses;
}
