/** What to do instead of a plugin of Apache APISIX that is refused, by what such plugins are for. */
const ADVICE: readonly (readonly [advice: string, plugins: string])[] = [
  ['let a proxy in front of the gateway do it, or recognise callers by another plugin', 'saml-auth cas-auth authz-casdoor authz-casbin authz-keycloak wolf-rbac ldap-auth ldap-auth-advanced dingtalk-auth feishu-auth jwe-decrypt gm'],
  ['put a web application firewall in front of the gateway', 'chaitin-waf'],
  ['set `gateway.access_log: true`, and let a log shipper carry the lines of stderr', 'http-logger tcp-logger udp-logger file-logger syslog kafka-logger rocketmq-logger clickhouse-logger elasticsearch-logger loki-logger loggly lago splunk-hec-logging skywalking-logger google-cloud-logging sls-logger tencent-cloud-cls error-log-logger log-rotate data-mask'],
  ['remove it, and measure at the services: requests are not traced here', 'zipkin skywalking opentelemetry datadog inspect'],
  ['`/status` of the admin listener tells it: remove the plugin', 'node-status server-info public-api'],
  ['code and commands in a configuration are not run: put what it does into a service of its own', 'serverless-pre-function serverless-post-function ext-plugin-pre-req ext-plugin-post-req ext-plugin-post-resp example-plugin exit-transformer'],
  ['make the URL of the function an upstream, with `scheme: https` and `pass_host: node`', 'aws-lambda azure-functions openwhisk openfunction'],
  ['only HTTP is spoken: put a service that translates behind the gateway', 'kafka-proxy dubbo-proxy http-dubbo grpc-transcode grpc-web mcp-bridge degraphql'],
  ['put a cache, such as Varnish, in front of the services', 'proxy-cache graphql-proxy-cache'],
  ['put a service that speaks to the model behind the gateway', 'ai ai-proxy ai-proxy-multi ai-cache ai-rag ai-request-rewrite ai-prompt-guard ai-prompt-template ai-prompt-decorator ai-rate-limiting ai-aws-content-moderation ai-aliyun-content-moderation ai-lakera-guard'],
  ['bodies are passed on as they come: set limits with `gateway.client_timeouts`', 'proxy-buffering proxy-control'],
  ['let each request be sent by itself', 'batch-requests'],
  ['set `gateway.trusted_proxies` to the addresses that are believed about clients', 'real-ip'],
  ['let a service decide that the plugin forward-auth asks, or give consumers groups and routes the plugin consumer-restriction', 'opa acl'],
  ['let the services compress, or a proxy in front of the gateway', 'gzip brotli'],
  ['write one upstream with the nodes of all, and their shares as weights', 'traffic-split traffic-label'],
  ['write a route for each case, with `vars` for what tells them apart', 'workflow'],
  ['make a service that answers so the upstream of the route', 'mocking fault-injection echo'],
  ['let the service check what it is sent', 'oas-validator request-validation'],
  ['let a proxy in front of the gateway mirror requests', 'proxy-mirror'],
  ['take nodes out of use by `checks` of the upstream, with `passive`', 'api-breaker'],
  ['write routes with `vars` on `graphql_name`, each with limits of its own', 'graphql-limit-count'],
  ['let what ends TLS in front of the gateway do it', 'ocsp-stapling'],
];

const BY_PLUGIN: ReadonlyMap<string, string> = new Map(ADVICE.flatMap(([advice, plugins]) => plugins.split(' ').map((name): [string, string] => [name, advice])));

/** A hint for a plugin of Apache APISIX that is refused, if there is more to say than which ones there are. */
export function adviceForPlugin(name: string): string | undefined {
  return BY_PLUGIN.get(name);
}
