// A client for HTTP/1.1 upstreams, for a proxy: the head of a request goes out as it was built, the
// head of a response comes back as it was sent, and nothing in between is turned into a stream, an
// object of headers or a promise. pool → roster (which connections there are) → connection (one
// socket) → exchange (one request); parse/ reads responses and guesses at nothing.
export { Pool } from './pool.js';
export { LoopTicker, type Ticker } from './ticker.js';
export type {
  FaultKind, Framing, PoolOptions, PoolStats, ResponseHead, ResponseSink, Timeouts, UpstreamExchange, UpstreamFault,
  UpstreamRequest,
} from './types.js';
