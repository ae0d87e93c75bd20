/** What other gateways and habits call our fields; of several meanings the one counts that is a field at the place. */
export const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  path: ['uri', 'http_path'], paths: ['uris'], prefix: ['uri'], path_prefix: ['uri'], match: ['uri'], location: ['uri'], pattern: ['uri'],
  url: ['upstream', 'nodes'], nodes: ['upstream'], urls: ['nodes'], backend: ['upstream'], backends: ['upstream', 'upstreams'], service: ['service_id', 'upstream'], group: ['group_id'], consumer_group: ['group_id'], destination: ['upstream'], proxy_pass: ['upstream'],
  proxy: ['upstream'], target: ['upstream', 'nodes', 'host'], targets: ['nodes'], endpoints: ['nodes'], servers: ['nodes', 'upstreams'], server: ['upstream', 'host'], address: ['host', 'listen'], ip: ['host'],
  host: ['address'], verb: ['methods'], verbs: ['methods'], domain: ['host'], domains: ['hosts'], server_name: ['host'], server_names: ['hosts'], hostname: ['host'], hostnames: ['hosts'],
  websocket: ['enable_websocket'], websockets: ['enable_websocket'], ws: ['enable_websocket'], order: ['priority'], rank: ['priority'], timeouts: ['timeout'], filters: ['plugins'], middlewares: ['plugins'], policies: ['plugins'],
  protocol: ['scheme'], algorithm: ['type'], balancer: ['type'], load_balancing: ['type'], lb: ['type'], preserve_host: ['pass_host'], host_header: ['upstream_host'], keepalive: ['keepalive_pool'], ssl: ['tls'],
  apis: ['routes'], rules: ['routes'], clusters: ['upstreams'], users: ['consumers'], clients: ['consumers'],
  user: ['username'], pass: ['password'], pwd: ['password'], passwd: ['password'], client: ['username'], consumer: ['username'],
  bind: ['listen'], port: ['listen', 'address'], ports: ['listen'], status_listen: ['admin'], shutdown_timeout: ['drain_timeout'], grace_period: ['drain_timeout'], log: ['access_log'], logs: ['access_log'], trusted: ['trusted_proxies'],
  limit: ['count'], max: ['count'], requests: ['count'], window: ['time_window'], period: ['time_window'], interval: ['time_window'], per: ['time_window'],
  allow: ['whitelist'], allowlist: ['whitelist'], allowed: ['whitelist'], deny: ['blacklist'], denylist: ['blacklist'], denied: ['blacklist'], block: ['blacklist'], origins: ['allow_origins'],
  header_name: ['header'], key_name: ['header'], key_names: ['header'], query_param: ['query'], query_name: ['query'], param: ['query'], anonymous: ['anonymous_consumer'],
  https: ['http_to_https'],
  apikey: ['key'], api_key: ['key'], token: ['key'], secret: ['key'], password: ['key'], value: ['key'], hash: ['key_sha256'], sha256: ['key_sha256'],
};

/** What other gateways and habits call our plugins. */
export const OTHER_PLUGINS: Readonly<Record<string, string>> = {
  apikey: 'key-auth', 'api-key': 'key-auth', 'api-key-auth': 'key-auth', 'auth-key': 'key-auth', basic: 'basic-auth', 'http-basic': 'basic-auth', basicauth: 'basic-auth', jwt: 'jwt-auth', hmac: 'hmac-auth',
  oidc: 'openid-connect', openid: 'openid-connect', oauth2: 'openid-connect', 'external-auth': 'forward-auth', 'ext-auth': 'forward-auth', forwardauth: 'forward-auth',
  'rate-limit': 'limit-count', 'rate-limiting': 'limit-count', ratelimit: 'limit-count', ratelimiting: 'limit-count', throttle: 'limit-req', throttling: 'limit-req', inflightreq: 'limit-conn',
  acl: 'consumer-restriction', 'ip-whitelist': 'ip-restriction', 'ip-allowlist': 'ip-restriction', ipallowlist: 'ip-restriction', ipwhitelist: 'ip-restriction', 'bot-detection': 'ua-restriction',
  'correlation-id': 'request-id', 'https-redirect': 'redirect', 'redirect-https': 'redirect', redirectscheme: 'redirect', 'request-termination': 'fault-injection',
};
