import { flow } from './flow.js';

/** `host`, `host:port` or a URL, and perhaps a weight behind it. Without `@`: what stands before it may be a password. */
const ADDRESS = /^(?:(https?):\/\/)?((?:[\w.-]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?)(?:\/[^@]*)?$/;

/** What to write for addresses in a text, where a mapping of nodes belongs or an upstream that holds one. */
export function addressHint(text: string, isUpstream: boolean): string | undefined {
  const [, node = text, weight] = /^(\S+:\d{1,5})(?:\s+|:)(\d{1,4})$/.exec(text) ?? [];
  const found = node.split(/\s*[,;]\s*|\s+/).filter((part) => part !== '').map((part) => ADDRESS.exec(part));
  const [first] = found;
  if (!first || found.length > 8 || found.some((part) => part === null)) return undefined;
  const nodes = Object.fromEntries(found.map((part) => [part?.[2] ?? '', weight === undefined ? 1 : Number(weight)]));
  return `write \`${flow(isUpstream ? { ...(first[1] === 'https' && { scheme: 'https' }), nodes } : nodes)}\``;
}

/** What to write for an address in a text, where an entry of a list of nodes belongs. */
export function nodeHint(text: string): string | undefined {
  const [, , address] = ADDRESS.exec(text) ?? [];
  const [, host, port] = /^(.*?)(?::(\d{1,5}))?$/.exec(address ?? '') ?? [];
  return host === undefined || host === '' ? undefined : `write \`${flow({ host, ...(port !== undefined && { port: Number(port) }), weight: 1 })}\``;
}
