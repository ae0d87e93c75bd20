import { hostname } from 'node:os';
import type { Exchange, Value } from '../plugins/plugin.js';
import { requestIdOf } from './request-id.js';
import { unicode } from './text.js';

/** Variables by name, with how each is worked out. */
export type Getters = Readonly<Record<string, (x: Exchange) => Value>>;

const HOSTNAME = hostname();

/** What a request says of itself. */
export const OF_THE_REQUEST: Getters = {
  args: (x) => x.query,
  content_length: (x) => first(x.headerValues('content-length')),
  content_type: (x) => first(x.headerValues('content-type')),
  document_uri: (x) => unicode(x.details.uri),
  host: (x) => x.host,
  is_args: (x) => (x.query === undefined ? '' : '?'),
  query_string: (x) => x.query,
  real_request_uri: (x) => x.details.target,
  request: (x) => `${x.method} ${x.details.target} HTTP/${x.details.httpVersion}`,
  request_line: (x) => `${x.method} ${x.details.target} HTTP/${x.details.httpVersion}`,
  request_method: (x) => x.method,
  request_uri: (x) => (x.query === undefined ? x.path : `${x.path}?${x.query}`),
  scheme: (x) => x.scheme,
  https: (x) => (x.scheme === 'https' ? 'on' : ''),
  server_protocol: (x) => `HTTP/${x.details.httpVersion}`,
  uri: (x) => unicode(x.details.uri),
  request_id: requestIdOf,
  apisix_request_id: requestIdOf,
};

/** What is known of the connection that it came over, and of this machine. */
export const OF_THE_CONNECTION: Getters = {
  hostname: () => HOSTNAME,
  realip_remote_addr: (x) => x.details.peer.host,
  realip_remote_port: (x) => String(x.details.peer.port),
  remote_addr: (x) => x.address,
  remote_port: (x) => String(x.details.peer.port),
  server_addr: (x) => x.details.local.host,
  server_name: () => '_',
  server_port: (x) => String(x.details.local.port),
  ssl_cipher: (x) => x.details.tls?.cipher,
  ssl_protocol: (x) => x.details.tls?.protocol,
  ssl_server_name: (x) => x.details.tls?.serverName,
};

/** Whose request it is, and which configuration takes it. */
export const OF_THE_RESOURCES: Getters = {
  consumer_name: (x) => x.consumer?.username,
  consumer_group_id: (x) => x.consumer?.groupId,
  credential_id: (x) => x.credential?.id,
  route_id: (x) => x.route?.id,
  route_name: (x) => x.route?.name,
  service_id: (x) => x.service?.id,
  service_name: (x) => x.service?.name,
};

const first = (values: readonly string[]): string | undefined => values[0];
