/** A category or a plugin: how many cases there are, pass, need a plugin that is not here, differ on purpose. */
export type Count = readonly [name: string, all: number, passed: number, missing: number, purpose: number];

/** What a run of the cases came to. */
export const MEASURED: { readonly categories: readonly Count[]; readonly plugins: readonly Count[] } = {
  categories: [
    ['admin', 90, 81, 9, 0],
    ['cli', 2, 0, 2, 0],
    ['config-center-json', 13, 7, 3, 3],
    ['config-center-yaml', 19, 6, 3, 10],
    ['core', 54, 15, 39, 0],
    ['debug', 8, 8, 0, 0],
    ['discovery', 12, 3, 0, 9],
    ['error_page', 4, 0, 4, 0],
    ['http3', 2, 2, 0, 0],
    ['misc', 3, 0, 3, 0],
    ['node', 189, 167, 17, 5],
    ['plugin', 1186, 309, 850, 27],
    ['router', 54, 43, 9, 2],
    ['script', 3, 1, 0, 2],
    ['secret', 2, 0, 2, 0],
    ['stream-node', 7, 3, 2, 2],
    ['stream-plugin', 3, 0, 2, 1],
    ['wasm', 3, 0, 3, 0],
    ['all', 1654, 645, 948, 61],
  ],
  plugins: [
    ['consumer-restriction', 13, 1, 10, 2],
    ['cors', 36, 28, 2, 6],
    ['csrf', 7, 7, 0, 0],
    ['fault-injection', 38, 25, 13, 0],
    ['forward-auth', 6, 2, 4, 0],
    ['ip-restriction', 24, 14, 9, 1],
    ['key-auth', 101, 43, 54, 4],
    ['limit-conn', 37, 37, 0, 0],
    ['limit-count', 98, 78, 15, 5],
    ['limit-req', 8, 8, 0, 0],
    ['openid-connect', 56, 41, 0, 15],
    ['redirect', 19, 16, 0, 3],
    ['referer-restriction', 6, 6, 0, 0],
    ['request-id', 10, 10, 0, 0],
    ['ua-restriction', 16, 16, 0, 0],
    ['uri-blocker', 17, 14, 3, 0],
  ],
};

/** Cases that fail although every plugin that they name is here, by their reason. */
export const FAILURES: readonly (readonly [why: string, cases: readonly string[]])[] = [
  ['options of openid-connect that are refused: sessions in Redis, `par`, `dpop`, `proxy_opts`, keys and assertions in place of `client_secret`, and others', ['plugin/openid-connect#4', 'plugin/openid-connect#45', 'plugin/openid-connect#48', 'plugin/openid-connect#51', 'plugin/openid-connect#61', 'plugin/openid-connect#72', 'plugin/openid-connect#75', 'plugin/openid-connect#81', 'plugin/openid-connect-required-scopes#5', 'plugin/openid-connect10#1', 'plugin/openid-connect10#2', 'plugin/openid-connect10#9', 'plugin/openid-connect4#1', 'plugin/security-warning2#3']],
  ['a public key that is none refuses the file', ['plugin/openid-connect#42']],
  ['Lua is not run: `script`, `filter_func`, `pre_function`', ['config-center-yaml/route#11', 'config-center-yaml/route#9', 'node/filter_func#1', 'node/filter_func#2', 'node/filter_func#3', 'router/radixtree-host-uri2#4', 'router/radixtree-host-uri2#5', 'script/script_distribute#1', 'script/script_distribute#2']],
  ['services are found by DNS alone', ['discovery/consul_dump#7', 'discovery/consul_kv_dump#10', 'discovery/nacos#11', 'discovery/nacos#16', 'discovery/nacos#19', 'discovery/nacos#9', 'discovery/nacos3#1', 'discovery/nacos3#2', 'discovery/nacos3#3']],
  ['an environment variable that is not set refuses the file', ['plugin/limit-count5#2', 'plugin/limit-count5#3']],
  ['`secrets` of `vault`, `aws` and `gcp` are not fetched', ['node/upstream-mtls#22']],
  ['a reference to what is not there refuses the file', ['config-center-json/route-upstream#2', 'config-center-yaml/route-upstream#2']],
  ['an unknown field in the options of a plugin, or in its metadata, refuses the file', ['plugin/cors3#12', 'plugin/cors3#14', 'plugin/cors3#15', 'plugin/cors3#4', 'plugin/cors3#5', 'plugin/cors3#6']],
  ['a plugin that is configured with nothing (`key-auth:`) refuses the file', ['config-center-yaml/consumer#2', 'config-center-yaml/credentials#1', 'config-center-yaml/credentials#2', 'node/grpc-proxy#4']],
  ['a plugin that the file\'s own list `plugins` leaves out refuses the file', ['config-center-yaml/plugin#3']],
  ['`plugin_metadata` of a plugin that is not here refuses the file', ['config-center-yaml/plugin-metadata#2']],
  ['any other invalid item refuses the whole file, and is not dropped alone', ['config-center-json/route-upstream#6', 'config-center-json/ssl#3', 'config-center-yaml/consumer#1', 'config-center-yaml/route#8']],
  ['the port of `http_to_https` stands in the metadata of `redirect`, not in `config.yaml`', ['plugin/redirect#18', 'plugin/redirect#19', 'plugin/redirect#31']],
  ['TCP and UDP are not proxied', ['stream-node/upstream-mtls#1', 'stream-node/upstream-mtls#3', 'stream-plugin/mqtt-proxy2#3']],
  ['the other place of the group, which it disagrees with, is not in the case\'s configuration', ['plugin/limit-count2#19']],
];
