import type { ServerResponse } from 'node:http';
import type { ResponseHead } from '../http1/index.js';
import type { GatewayResponse } from './exchange.js';

/** The response's headers for the client: the upstream's, but for its Server; `failed` are the statuses of earlier attempts, which are told of with a failure, or `always`. */
export function responseHeaders({ headers, status }: ResponseHead, failed: readonly number[] | undefined, always: boolean): string[] {
  let named = false;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    if (name.length !== 6 || name.toLowerCase() !== 'server') continue;
    headers[i + 1] = 'gateway';
    named = true;
  }
  if (!named) headers.push('Server', 'gateway');
  if (always || status >= 500) headers.push('X-APISIX-Upstream-Status', [...(failed ?? []), status].join(', '));
  return headers;
}

/** Passes a 1xx response on, where Node has a way to; the client's protocol must know of them. */
export function informational(res: GatewayResponse, { status, headers }: ResponseHead): void {
  if (res.headersSent || res.destroyed || res.req.httpVersion === '1.0') return;
  if (status === 100) {
    res.req.continued = true;
    res.writeContinue();
  }
  if (status === 102) res.writeProcessing();
  else if (status === 103) earlyHints(res, headers);
}

/**
 * A link that Node takes, read in one way only. Node's own check can read each parameter in two, and takes exponentially
 * long to refuse a link with many: an upstream could stop the process with it.
 */
const LINK = /^<[^>]*>(?:\s*;\s*[^;"\s=]+(?:=(?:"[^;"\s]*"|[^;"\s]*))?)*$/;

function earlyHints(res: ServerResponse, headers: readonly string[]): void {
  const hints: Record<string, string[]> = Object.create(null);
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] ?? '').toLowerCase();
    const value = headers[i + 1] ?? '';
    // Node takes one link in each text
    (hints[name] ??= []).push(...(name === 'link' ? value.split(/,(?=\s*<)/).map((link) => link.trim()).filter((link) => LINK.test(link)) : [value]));
  }
  try {
    res.writeEarlyHints({ link: [], ...hints });
  } catch {
    // a hint that Node takes for malformed is one that the client does without
  }
}

/** Flat trailers as Node takes them. */
export function trailerPairs(flat: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i] ?? '', flat[i + 1] ?? '']);
  return pairs;
}
