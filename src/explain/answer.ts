import { shownHeader } from '../cases/mask.js';
import { masked } from '../diff/masks.js';
import type { ExplainedAnswer } from './explanation.js';
import type { Scene } from './scene.js';

/** Of every answer, and nothing that a configuration decides. */
const PLAIN = new Set(['connection', 'content-length', 'content-type', 'date', 'keep-alive', 'server', 'transfer-encoding']);

/** What the client gets, and from whom. Of an upstream's answer only what the gateway adds to it is known. */
export function answerOf({ observed, acts, mask }: Scene): ExplainedAnswer {
  const answering = acts.findLast(({ depth, outcome }) => depth === 0 && outcome.kind === 'answers');
  const { rawHeaders, received, status, body } = observed;
  const headers = rawHeaders.flatMap((name, i) => (i % 2 === 0 && !PLAIN.has(name.toLowerCase()) ? [[name, valueOf(name, rawHeaders[i + 1] ?? '', mask)] as const] : []));
  if (received.length > 0) return { status: undefined, by: 'the upstream', headers, body: undefined };
  return { status, by: answering ? `the plugin ${answering.plugin}` : 'the gateway', headers, body: mask(body.toString('latin1')) };
}

/** Also of the arguments of an address the names tell what they are for, and what they hold may open something. */
function valueOf(name: string, value: string, mask: (text: string) => string): string {
  if (name.toLowerCase() === 'location') return mask(String(masked(value)));
  return mask(shownHeader(name, value));
}
