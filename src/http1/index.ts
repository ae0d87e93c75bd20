export { Pool } from './pool.js';
export { LoopTicker, type Ticker } from './ticker.js';
export type {
  FaultKind, Framing, PoolOptions, PoolStats, ResponseHead, ResponseSink, Timeouts, UpstreamExchange, UpstreamFault,
  UpstreamRequest,
} from './types.js';
