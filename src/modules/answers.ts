import { FRAMING, HOP_BY_HOP } from '../header-names.js';
import type { Exchange, Handlers, Reply, ResponseHead, Step } from '../plugins/plugin.js';

/**
 * Handlers of a module's plugin, of which nothing is believed while it serves either: what is no answer is thrown, so that
 * the request gets 500, and is not let through. How a message is framed is never a plugin's to say.
 */
export function answerable(handlers: Handlers, plugin: string): Handlers {
  const { rewrite, access, headerFilter, log } = handlers;
  return {
    ...(rewrite && { rewrite: answering(rewrite.bind(handlers), `${plugin} in rewrite`) }),
    ...(access && { access: answering(access.bind(handlers), `${plugin} in access`) }),
    ...(headerFilter && { headerFilter: filtering(headerFilter.bind(handlers), plugin) }),
    ...(log && { log: log.bind(handlers) }),
  };
}

function answering(phase: (x: Exchange) => Step, who: string): (x: Exchange) => Step {
  const check = (answer: Reply | undefined): Reply | undefined => replyOf(answer, who);
  return (x) => {
    const step = phase(x);
    return step instanceof Promise ? step.then(check) : check(step);
  };
}

/** `false` is no answer: who means a refusal by it is not taken to let the request pass. */
function replyOf(answer: unknown, who: string): Reply | undefined {
  if (answer === undefined || answer === null) return undefined;
  const { status, headers } = answer as Readonly<Partial<Record<keyof Reply, unknown>>>;
  if (!isStatus(status)) throw new TypeError(`${who} answers with neither undefined nor a reply, whose status is a whole number from 200 to 599`);
  if (headers === undefined || headers === null) return answer as Reply;
  if (!Array.isArray(headers) || headers.length % 2 !== 0) throw new TypeError(`${who} answers with headers that are no list of names and values in turn`);
  const isOurs = (i: number): boolean => isFraming(headers[i]);
  return headers.some((_, i) => i % 2 === 0 && isOurs(i)) ? { ...(answer as Reply), headers: headers.filter((_, i) => !isOurs(i - (i % 2))) } : answer as Reply;
}

const isStatus = (status: unknown): status is number => Number.isInteger(status) && Number(status) >= 200 && Number(status) <= 599;

function isFraming(name: unknown): boolean {
  const lower = String(name).toLowerCase();
  return FRAMING.has(lower) || HOP_BY_HOP.has(lower);
}

function filtering(filter: (x: Exchange, head: ResponseHead) => void, plugin: string): (x: Exchange, head: ResponseHead) => void {
  return (x, head) => {
    const { status } = head;
    const before = framingIn(head);
    filter(x, head);
    if (head.status !== status && !isStatus(head.status)) throw new TypeError(`${plugin} sets a status that is no whole number from 200 to 599`);
    const after = framingIn(head);
    if (after.length > before.length || after.some((line) => !before.includes(line))) throw new TypeError(`${plugin} changes how an answer is framed, which is the gateway's to say`);
  };
}

/** The lines of a head that say where its message ends. */
function framingIn({ headers }: ResponseHead): string[] {
  return headers.flatMap((name, i) => (i % 2 === 0 && isFraming(name) ? `${name}: ${headers[i + 1] ?? ''}` : []));
}
