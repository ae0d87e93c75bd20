import { headerText } from '../header-names.js';
import type { Node } from '../upstream/upstream.js';
import type { Exchange } from './exchange.js';
import { endToEndLines, linesOf } from './headers.js';

/** The head of a request as the upstream gets it: latin1, complete with its empty line. */
export function requestHead(x: Exchange, node: Node, chunked: boolean): string {
  const target = x.query === undefined ? x.path : `${x.path}?${x.query}`;
  return `${x.method} ${target} HTTP/1.1\r\nHost: ${upstreamHost(x, node)}\r\n${endToEndLines(x.req.rawHeaders, x.req.headers.connection, x.removed)}`
    + `${x.added ? linesOf(x.added) : ''}${forwardedLines(x)}${identityLines(x)}${x.req.expectsContinue ? 'Expect: 100-continue\r\n' : ''}${chunked ? 'Transfer-Encoding: chunked\r\n' : ''}${x.tunnels ? UPGRADE : ''}\r\n`;
}

const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';

/** The Host that an upstream sees, by its `pass_host`. */
export function upstreamHost(x: Exchange, node: Node): string {
  const rule = x.route?.upstream?.host;
  // HTTP/1.0 clients need not send one, HTTP/1.1 upstreams need it
  return rule ? rule(node) : x.authority || node.authority;
}

/** Where the request comes from, in the gateway's own words. */
function forwardedLines(x: Exchange): string {
  const { address, chain, proto, host, port, forwarded } = x.origin;
  return `X-Real-IP: ${address}\r\nX-Forwarded-For: ${chain}\r\nX-Forwarded-Proto: ${proto}\r\nX-Forwarded-Host: ${host || '_'}\r\nX-Forwarded-Port: ${port}\r\n${forwarded === undefined ? '' : `Forwarded: ${forwarded}\r\n`}`;
}

/** Who calls, once a plugin has told. One that is not the gateway's own may have taken the name from anywhere. */
function identityLines({ credential }: Exchange): string {
  if (!credential) return '';
  const { consumer: { username, customId }, id } = credential;
  return `X-Consumer-Username: ${headerText(username)}\r\n${id === undefined ? '' : `X-Credential-Identifier: ${headerText(id)}\r\n`}${customId === undefined ? '' : `X-Consumer-Custom-ID: ${headerText(customId)}\r\n`}`;
}
