import type { RoutingTable } from '../compile/table.js';
import type { Reply, Step } from '../plugins/plugin.js';
import { isAdmitted } from '../tls/peer.js';
import type { StepHandler } from '../compile/chain.js';
import { Exchange, type GatewayRequest, type GatewayResponse } from './exchange.js';
import type { Gateway } from './gateway.js';
import { hostName } from './host.js';
import { parseTarget, type Target } from './path.js';
import { NOT_FOUND, respond, respondBare } from './respond.js';
import { route } from './routing.js';

/**
 * The request path. The table is read once and travels with the exchange: a request that began on a table ends on it.
 */
export function handle(gateway: Gateway, req: GatewayRequest, res: GatewayResponse): void {
  const { table } = gateway;
  enter(gateway, table, res);
  gateway.observe(req, res);
  const refusal = refusalOf(req);
  if (refusal) return respond(res, refusal, true);
  const target = parseTarget(req.url ?? '');
  const authority = target?.authority ?? req.headers.host ?? '';
  const host = hostName(authority);
  if (!target || host === undefined) return respond(res, BAD_REQUEST, true);
  if (table.settings.sites.guarded && !admits(gateway, req, host, target, table)) return respond(res, BAD_REQUEST, true);

  const x = new Exchange(req, res, table, target, authority, host);
  req.exchange = x;
  begin(gateway, x);
}

/** Finds the route, and runs what belongs to it. Where the body decides, it is read, and the search begins again. */
function begin(gateway: Gateway, x: Exchange): void {
  const step = find(gateway, x);
  if (step instanceof Promise) {
    step.then(
      (reply) => (reply ? respond(x.res, reply, true) : isAnswered(x) || begin(gateway, x)),
      (error: unknown) => fail(gateway, x, error),
    );
    return;
  }
  if (step) return respond(x.res, step, true);
  x.chain = x.route ? x.route.chain : x.table.unrouted;
  run(gateway, x, x.chain.rewrite, 0, rewritten);
}

/** A condition that throws is a bug of ours: nobody knows whether its route was meant. */
function find(gateway: Gateway, x: Exchange): Step {
  try {
    return route(x);
  } catch (error) {
    gateway.report(error);
    return { status: 500 };
  }
}

const BAD_REQUEST: Reply = { status: 400 };
/** More fields than any client sends; Node itself would drop the rest without a word. */
const MAX_HEADERS = 1000;

function enter(gateway: Gateway, table: RoutingTable, res: GatewayResponse): void {
  table.enter();
  res.table = table;
  res.keeper = gateway;
  res.on('close', leave);
}

/** The exchange is over: answered, or left by its client. */
function leave(this: GatewayResponse): void {
  // told by us, it may be told by Node again; a listener for one time costs a closure and its removal
  if (this.over) return;
  this.over = true;
  this.forwarding?.abandon();
  const { exchange } = this.req;
  // a body that was read in part and not forwarded
  exchange?.content?.discard();
  if (exchange && exchange.chain.logs.length > 0) logAll(exchange);
  this.table?.leave();
  this.connections?.end(this);
}

/** Whether the client has shown what the certificate of its host demands; plain text has no certificates. */
function admits({ peers }: Gateway, { socket }: GatewayRequest, host: string, { decoded }: Target, { settings }: RoutingTable): boolean {
  const peer = peers.get(socket);
  return !peer || isAdmitted(peer, settings.sites, host, decoded);
}

/** What one log fails in, it fails in alone. */
function logAll(x: Exchange): void {
  for (const log of x.chain.logs) {
    try {
      log(x);
    } catch (error) {
      x.res.keeper?.report(error);
    }
  }
}

/** What is refused before it is looked at. */
function refusalOf(req: GatewayRequest): Reply | undefined {
  if (req.method === 'TRACE') return { status: 405 };
  if (req.expectsTheUnknown) return { status: 417 };
  if (req.rawHeaders.length > MAX_HEADERS * 2) return { status: 431 };
  const hosts = countOf(req.rawHeaders, 'host');
  if (hosts > 1 || (hosts === 0 && req.httpVersion !== '1.0')) return BAD_REQUEST;
  const coding = req.headers['transfer-encoding'];
  // llhttp lets other codings through; what does not end in plain chunked has no length that two servers agree on
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return { status: 501 };
  return undefined;
}

function countOf(raw: readonly string[], name: string): number {
  let count = 0;
  for (let i = 0; i < raw.length; i += 2) {
    const sent = raw[i] ?? '';
    if (sent.length === name.length && sent.toLowerCase() === name) count++;
  }
  return count;
}

/** What follows a phase that no plugin ended. */
type Next = (gateway: Gateway, x: Exchange) => void;

/** Runs the steps of a phase from one on, and then what follows; synchronously for as long as the plugins answer so. */
function run(gateway: Gateway, x: Exchange, steps: readonly StepHandler[], from: number, next: Next): void {
  for (let i = from; i < steps.length; i++) {
    // its client has left, or was told that it is too slow
    if (i > 0 && isAnswered(x)) return;
    const step = attempt(gateway, x, steps, i);
    if (step instanceof Promise) {
      step.then(
        (reply) => (reply ? respond(x.res, reply) : run(gateway, x, steps, i + 1, next)),
        (error: unknown) => fail(gateway, x, error),
      );
      return;
    }
    if (step) return respond(x.res, step);
  }
  if (!isAnswered(x)) next(gateway, x);
}

/** The rewrite phase is through: who calls is known, and may bring plugins along. */
function rewritten(gateway: Gateway, x: Exchange): void {
  const overlaid = x.consumer && x.route && x.table.overlaid(x.consumer, x.route);
  if (overlaid === undefined) return run(gateway, x, x.chain.access, 0, send);
  x.chain = overlaid;
  run(gateway, x, overlaid.rewrite, 0, access);
}

function access(gateway: Gateway, x: Exchange): void {
  run(gateway, x, x.chain.access, 0, send);
}

function send(gateway: Gateway, x: Exchange): void {
  if (!x.route) return respond(x.res, NOT_FOUND);
  try {
    gateway.forward(x);
  } catch (error) {
    fail(gateway, x, error);
  }
}

const isAnswered = ({ res }: Exchange): boolean => res.destroyed || res.headersSent;

/** A plugin that throws is a bug of ours: the request is refused, and the process lives on. */
function attempt(gateway: Gateway, x: Exchange, steps: readonly StepHandler[], i: number): Step {
  try {
    return steps[i]?.(x);
  } catch (error) {
    gateway.report(error);
    return { status: 500 };
  }
}

function fail(gateway: Gateway, x: Exchange, error: unknown): void {
  gateway.report(error);
  respondBare(x.res, { status: 500 });
}
