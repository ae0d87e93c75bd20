/** What to do instead, for fields of Apache APISIX that are refused here. */
const ADVICE: Readonly<Record<string, string>> = {
  protos: 'remove them: gRPC is passed on as it is, and not transcoded',
  stream_routes: 'remove them: HTTP is what this gateway routes; put something else in front of TCP and UDP',
  script: 'remove it; what it does is a plugin\'s to do',
  script_id: 'remove it; what the script does is a plugin\'s to do',
  vars: 'split the route by path, method or host; a plugin alone can be bound to variables, by `_meta.filter`',
  remote_addr: 'bind the plugins of the route to addresses instead: `_meta: {filter: [[remote_addr, ipmatch, [10.0.0.0/8]]]}`',
  remote_addrs: 'bind the plugins of the route to addresses instead: `_meta: {filter: [[remote_addr, ipmatch, [10.0.0.0/8]]]}`',
  filter_func: 'write what it tests as `vars`; Lua is not run',
  pre_function: 'remove it; Lua is not run',
  gm: 'remove it: the ciphers of TLS 1.2 and 1.3 are spoken',
  exptime: 'remove it: the certificate itself tells until when it is valid',
  ocsp_stapling: 'remove it: clients ask the authority themselves',
  service_protocol: 'remove it; `upstream.scheme` says how the nodes are spoken to',
  ...each('remove it: `vault`, `aws` and `gcp` are not asked; let them write files, and name their directory with `id: file/<name>`', 'uri namespace region endpoint_url auth_file ssl_verify'),
  ...each('remove it: the gateway identifies itself by `client_secret`', 'client_rsa_private_key client_rsa_private_key_id client_jwt_assertion_alg client_jwt_assertion_audience client_jwt_assertion_expires_in dpop'),
  ...each('remove it: a session is a cookie, which holds all of it, and lasts as `session.cookie.lifetime` says', 'session_contents storage redis absolute_timeout idling_timeout rolling_timeout refresh_session_interval'),
  ...each('remove it: answers of the provider about tokens are not kept', 'introspection_interval introspection_expiry_claim jwt_verification_cache_ignore cache_segment'),
  ...each('remove it: tokens without a signature are never taken', 'accept_none_alg accept_unsupported_alg'),
  ...each('remove it: the provider is asked over a connection of the gateway\'s own', 'proxy_opts'),
  ...each('remove it: the claims of the ID token are passed on as `set_id_token_header` says', 'set_raw_id_token_header'),
  ...each('remove it: what must be claimed is said by `claim_validator` and `required_scopes`', 'claim_schema'),
  ...each('remove it: the provider ends its session itself', 'revoke_tokens_on_logout'),
  ...each('remove it: a login counts for as long as its session', 'force_reauthorize access_token_expires_leeway access_token_expires_in jwk_expires_in'),
  discovery_args: 'remove it: `discovery_type: dns` takes no arguments',
};

function each(advice: string, fields: string): Record<string, string> {
  return Object.fromEntries(fields.split(' ').map((field) => [field, advice]));
}

const BY_SECRET = 'the gateway signs nothing: let the provider accept `client_secret`';

/** What to do instead, for values of Apache APISIX that are refused here, by field. */
const VALUES: Readonly<Record<string, readonly (readonly [advice: string, values: string])[]>> = {
  discovery_type: [
    ['ask Consul\'s DNS instead: `discovery_type: dns`, a `service_name` such as orders.service.consul, and `gateway.discovery.dns.servers`', 'consul consul_kv'],
    ['name the service as the cluster\'s DNS does, in `nodes` or with `discovery_type: dns`: orders.default.svc.cluster.local', 'kubernetes'],
    ['services are found by DNS alone: have them written there, or write `nodes`', 'eureka nacos tars'],
  ],
  token_endpoint_auth_method: [[BY_SECRET, 'private_key_jwt client_secret_jwt']],
  introspection_endpoint_auth_method: [[BY_SECRET, 'private_key_jwt client_secret_jwt']],
  token_signing_alg_values_expected: [['a token signed with a shared secret is never taken: have the provider sign with a key pair', 'HS256 HS384 HS512'], ['tokens without a signature are never taken', 'none']],
  type: [['`roundrobin` goes by the weights of the nodes', 'random weighted weighted_round_robin weighted-round-robin wrr rr'], ['`least_conn` takes the node with the fewest requests in flight', 'least-connections least_connections leastconn'], ['write `type: chash`, and what is hashed as `hash_on` and `key`', 'ip_hash hash consistent-hashing consistent ketama']],
  methods: [['leave `methods` out: without it a route takes all', '* ANY ALL any all']],
  scheme: [['HTTP is what this gateway routes; put something else in front of TCP, UDP and Kafka', 'tcp udp tls kafka']],
};

/** A hint for a value of Apache APISIX that is refused, if it is one. */
export function adviceForValue(field: string, value: string): string | undefined {
  return VALUES[field]?.find(([, values]) => values.split(' ').includes(value))?.[0];
}

/** A hint for a field of Apache APISIX that is refused. */
export function adviceFor(field: string): string {
  return ADVICE[field] ?? 'remove it; it is refused, since to ignore it could open what it closes';
}
