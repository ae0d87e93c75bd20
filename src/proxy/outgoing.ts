import { isIP } from 'node:net';
import type { Node } from '../upstream/upstream.js';
import type { Exchange } from './exchange.js';
import { endToEnd } from './headers.js';

/** The target that the upstream gets. */
export function pathOf(x: Exchange): string {
  return x.query === undefined ? x.path : `${x.path}?${x.query}`;
}

/** The headers that the upstream gets: the client's end-to-end ones, and what the gateway knows of the client. */
export function requestHeaders(x: Exchange, node: Node): string[] {
  const { req, credential, route } = x;
  // HTTP/1.0 clients need not send one, HTTP/1.1 upstreams need it
  const host = route?.upstream?.host?.(node) ?? (x.authority || node.authority);
  const remote = (req.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const headers = [
    'Host', host, ...endToEnd(req.rawHeaders, x.removed),
    'X-Real-IP', remote, 'X-Forwarded-For', remote, 'X-Forwarded-Proto', 'http', 'X-Forwarded-Host', x.authority,
    'X-Forwarded-Port', /:(\d+)$/.exec(x.authority)?.[1] ?? String(req.socket.localPort ?? ''), 'Connection', 'keep-alive',
  ];
  if (req.headers['transfer-encoding'] !== undefined) headers.push('Transfer-Encoding', 'chunked');
  if (credential) {
    headers.push('X-Consumer-Username', credential.consumer.username);
    if (credential.id !== undefined) headers.push('X-Credential-Identifier', credential.id);
    if (credential.consumer.customId !== undefined) headers.push('X-Consumer-Custom-ID', Buffer.from(credential.consumer.customId).toString('latin1'));
  }
  return headers;
}

/** The name that the TLS handshake asks for: that of the Host that is sent. */
export function serverName(x: Exchange, node: Node): string {
  const host = x.route?.upstream?.host?.(node) ?? x.authority;
  const name = host.replace(/:\d+$/, '') || node.host;
  // an address is no name to ask for (RFC 6066, section 3)
  return isIP(name.replace(/^\[|\]$/g, '')) ? '' : name;
}
