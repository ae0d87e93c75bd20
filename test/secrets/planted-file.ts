import { readFileSync } from 'node:fs';
import { certificate, privateKey } from '../support/certificate.js';
import { secretFor, type Planted } from './traces.js';

/** What the planted file names outside of itself. */
export interface Surroundings {
  /** Ports of servers that repeat whatever they are sent. */
  readonly redis: number;
  readonly http: number;
  /** Where the file `ann` with a secret stands. */
  readonly directory: string;
}

/** A good configuration with a secret at every place where one may stand. */
export interface PlantedFile {
  readonly text: string;
  readonly planted: readonly Planted[];
  readonly env: Readonly<Record<string, string>>;
  /** What the file `ann` holds. */
  readonly ann: string;
}

const pem = (name: string): string => readFileSync(new URL(`../../../test/support/certs/${name}.pem`, import.meta.url), 'utf8').trim();

/** Of a key on a curve the part that is secret; the rest is the same for all keys, or stands in the certificate. */
const secretOfPem = (text: string): string => text.split('\n').slice(1, -1).join('').slice(48, 90);

/** Lines that may go alone end with `#?`, which is no part of the file. */
const MAY_GO = / #\?$/gm;

/** The file; `edition` makes the secrets others, where that can be. */
export function plantedFile(surroundings: Surroundings, edition = ''): PlantedFile & { readonly without: string } {
  const planted: Planted[] = [];
  const plant = (place: string): string => {
    const secret = secretFor(`${place}${edition}`);
    planted.push({ place, secret });
    return secret;
  };
  const plantPem = (place: string, text: string): string => {
    planted.push({ place, secret: secretOfPem(text) });
    return JSON.stringify(text);
  };
  const env = Object.fromEntries(['ANN_KEY', 'APP_ANN', 'ANN_PLAIN'].map((name) => [name, plant(`the variable ${name}`)]));
  const ann = plant('the file of a secret');
  const text = textOf(surroundings, plant, plantPem);
  const json = JSON.stringify({ key: plant('a field of the variable ANN_JSON') });
  return { text: text.replace(MAY_GO, ''), without: text.split('\n').filter((line) => !line.endsWith(' #?')).join('\n'), planted, env: { ...env, ANN_JSON: json }, ann };
}

type Plant = (place: string) => string;

/** Every field that a schema marks stands here by its name; what else stands here holds secrets that no schema can know of. */
function textOf({ redis, http, directory }: Surroundings, plant: Plant, plantPem: (place: string, text: string) => string): string {
  const upstream = (name: string, indent: string, certificateOf: string): string => `
scheme: https
nodes:
  127.0.0.1:${http}: 1
tls:
  verify: true
  client_cert: ${JSON.stringify(pem(certificateOf))} #?
  client_key: ${plantPem(`${name}.tls.client_key`, pem(`${certificateOf}.key`))} #?
checks:
  active:
    timeout: 1
    http_req_body: ${plant(`${name}.checks.active.http_req_body`)} #?
    req_headers: #?
      - "X-Custom: ${plant(`${name}.checks.active.req_headers[]`)}" #?`.replaceAll('\n', `\n${indent}`);
  const redisOptions = `policy: redis
        redis_host: 127.0.0.1
        redis_port: ${redis}`;
  return `# the old token: ${plant('a comment')}
secrets:
  - id: file/run
    directory: ${directory}
  - id: env/app
    prefix: APP_
consumers:
  - username: tom
    group_id: g
    labels:
      team: a
      api_token: ${plant('a label that sounds secret')} #?
    plugins:
      key-auth:
        key: ${plant('key-auth credential.key')}
      basic-auth:
        username: tom
        password: ${plant('basic-auth credential.password')}
      jwt-auth:
        key: tom
        secret: ${plant('jwt-auth credential.secret')}
        private_key: ${plant('jwt-auth credential.private_key')} #?
      hmac-auth:
        key_id: tom
        secret_key: ${plant('hmac-auth credential.secret_key')}
  - username: ann
    plugins:
      key-auth:
        keys:
          - ${plant('key-auth credential.keys[]')}
          - $env://ANN_KEY #?
          - $env://ANN_JSON/key #?
          - $secret://file/run/ann #?
          - $secret://env/app/ANN #?
          - "\${{ANN_PLAIN}}" #?
          - "\${{NOT_SET_KEY:=${plant('the default of a variable')}}}" #?
consumer_groups:
  - id: g
    plugins:
      csrf:
        key: ${plant('csrf.key')}
plugin_configs:
  - id: p
    plugins:
      limit-req:
        rate: 1
        burst: 1
        key: remote_addr
        ${redisOptions}
        redis_password: ${plant('limit-req.redis_password')} #?
services:
  - id: s
    plugins:
      limit-conn:
        conn: 1
        burst: 1
        default_conn_delay: 1
        key: remote_addr
        ${redisOptions}
        redis_password: ${plant('limit-conn.redis_password')} #?
    upstream:${upstream('services[].upstream', '      ', 'named')}
routes:
  - id: keyed
    uri: /keyed
    vars: [[http_x_api_token, "~=", "${plant('a condition on a header that sounds secret')}"]] #?
    upstream_id: dead
    plugins:
      key-auth: {}
  - id: pinned
    uri: /pinned
    upstream_id: dead
    plugins:
      key-auth:
        header: x-pin
        query: pin
        hide_credentials: true
  - id: named
    uri: /named
    upstream_id: dead
    plugins:
      basic-auth: {}
  - id: chosen
    uri: /pinned
    vars: #?
      - OR #?
      - [http_cookie, "!", "~~", "${plant('a condition on the header of cookies')}"] #?
      - - cookie_theme #?
        - in #?
        - [dark, ${plant('a condition on a cookie, in a list')}] #?
      - - AND #?
        - [arg_x_session, "${plant('a condition on an argument')}"] #?
        - [query_string, "~~", "${plant('a condition on the query')}"] #?
    upstream_id: dead
  - id: broken
    uri: /named
    vars: [[cookie_sid, "==", ${plant('a condition on a cookie')}]] #?
    upstream_id: dead
    plugins:
      fault-injection:
        abort:
          http_status: 418
          headers: #?
            Set-Cookie: ${plant('fault-injection.abort.headers.*')} #?
          vars: [[[sent_http_set_cookie, "~~", ${plant('a condition within a plugin')}]]] #?
  - id: tokened
    uri: /tokened
    upstream_id: dead
    plugins:
      jwt-auth: {}
  - id: signed
    uri: /signed
    upstream_id: dead
    plugins:
      hmac-auth: {}
  - id: any
    uri: /any
    upstream_id: dead
    plugins:
      multi-auth:
        auth_plugins:
          - key-auth: {}
          - basic-auth: {}
  - id: login
    uri: /login
    upstream_id: dead
    plugins:
      openid-connect:
        client_id: gateway
        client_secret: ${plant('openid-connect.client_secret')}
        discovery: http://127.0.0.1:${http}/.well-known/openid-configuration
        introspection_endpoint: http://127.0.0.1:${http}/introspect
        session:
          secret: ${plant('openid-connect.session.secret')}
  - id: asked
    uri: /asked
    upstream_id: dead
    plugins:
      forward-auth:
        uri: "http://127.0.0.1:1/auth?token=${plant('a token in the query of an address')}"
        request_headers: [Authorization, Cookie]
        extra_headers: #?
          X-Inner: ${plant('forward-auth.extra_headers.*')} #?
  - id: counted
    uri: /counted
    upstream_id: dead
    plugins:
      limit-count:
        count: 5
        time_window: 60
        ${redisOptions}
        redis_password: ${plant('limit-count.redis_password')} #?
  - id: watched
    uri: /watched
    upstream_id: dead
    plugins:
      limit-count:
        count: 5
        time_window: 60
        policy: redis-sentinel
        redis_sentinels: [{host: 127.0.0.1, port: ${redis}}]
        redis_master_name: main
        sentinel_password: ${plant('limit-count.sentinel_password')} #?
  - id: paced
    uri: /paced
    service_id: s
    plugin_config_id: p
  - id: inline
    uri: /inline
    upstream:${upstream('routes[].upstream', '      ', 'self-signed')}
upstreams:
  - id: dead
    nodes:
      127.0.0.1:1: 1
  - id: safe${upstream('upstreams[]', '    ', 'client')}
ssls:
  - id: site
    sni: a.test
    cert: ${JSON.stringify(certificate)}
    key: ${plantPem('ssls[].key', privateKey)}
    certs:
      - ${JSON.stringify(pem('server'))}
    keys:
      - ${plantPem('ssls[].keys[]', pem('server.key'))}
gateway:
  listen: 127.0.0.1:0
  access_log: true
#END
`;
}
