/** What differs on purpose: what of, as APISIX has it, as it is here, and why. */
export type Difference = readonly [what: string, apisix: string, here: string, why: string];

/** A subject with its differences. */
export interface Subject {
  readonly title: string;
  readonly differences: readonly Difference[];
}

const AT_HAND = 'the author is at hand, the caller is not';

/** Every difference on purpose, by subject; those of a plugin stand on its page. */
export const DIFFERENCES: readonly Subject[] = [
  {
    title: 'Differences in the file',
    differences: [
      ['an invalid item', 'dropped alone, the rest applies', 'the whole file is refused, the running one stays', 'a dropped guard is an open door, a dropped route an outage'],
      ['a plugin that is unknown', 'its item is dropped', 'the file is refused', 'likewise'],
      ['a wrong configuration of a plugin that is switched off', 'accepted', 'accepted, with a warning', 'it will be wrong once it is switched on'],
      ['unknown fields in plugins and at top level', 'ignored', 'refused, with a suggestion', '`headr: x` would be a silent mistake'],
      ['`key-auth:` with nothing', 'accepted', 'refused: write `key-auth: {}`', 'a forgotten value should not look like a choice'],
      ['edits', 'polled each second, whole seconds compared, `#END` required', 'seen at once, every one; `#END` recommended', 'the second of two quick edits must not stay behind'],
      ['an empty file, or a half-written one', 'without `#END` not loaded', 'refused, or waited for', 'nobody means to remove everything by a slip'],
      ['`${{VAR}}`', 'replaced in the text before parsing; an unset one stays', 'replaced in parsed values; an unset one refuses the file', 'quoting and positions hold'],
      ['kinds of resources', 'each reloads by itself', 'all at once', 'routes and upstreams of two versions never meet'],
    ],
  },
  {
    title: 'Differences in resources',
    differences: [
      ['a reference to a service, plugin config, consumer group or upstream that is not there', '404, 503 or 502 for each request', 'the file is refused', AT_HAND],
      ['two items with one id', 'the later counts', 'the file is refused', 'nobody writes the first in order to lose it'],
      ['two consumers with one key', 'the later wins', 'refused, both places named', 'a key must tell who calls'],
      ['a plugin in two global rules', 'taken out of both, with a line in the log', 'the file is refused', 'a guard would be gone'],
      ['a consumer\'s plugin over a route where the plugin is switched off', 'its rewrite phase does not run', 'it runs whole', 'the route\'s did not run'],
      ['whether a consumer\'s plugin rewrites', 'decided by the first request that meets it, for all routes', 'decided for each request', 'the answer must not depend on the order of requests'],
      ['`$env://`, `$secret://` that cannot be resolved', 'stays as the text that it is', 'the file is refused', 'the text would be the key'],
      ['`secrets`', 'vault, aws, gcp', '`file`, `env`', 'reading a configuration asks nobody on the network'],
      ['`plugin_metadata` of an unknown plugin, unknown fields in it', 'ignored', 'refused', 'a mistyped name would be a silent mistake'],
      ['`script`, `script_id`, `filter_func`, `_meta.pre_function`', 'run Lua', 'refused', 'Lua is not run'],
      ['`stream_routes`, `protos`', 'TCP and UDP, transcoding', 'refused', 'HTTP is what is routed'],
    ],
  },
  {
    title: 'Differences in routing',
    differences: [
      ['the path that the upstream gets', 'the client\'s own', 'the one that was matched: dot segments resolved, slashes merged; refused with 400 where servers would disagree: `%2F` beside a slash, letters that only a second decoding shows, `;` parameters that hide another route', '`/public/../admin` must not be two things'],
      ['a name in `vars` that is no variable', 'is nothing', 'refuses the file', 'a misspelt condition would never hold, or always'],
      ['`[variable, value]`', 'the value is put in lower case', 'compared as it is written', 'the long form does so too'],
      ['a list as the value of `==`, a text as that of `in`, a text that is no number with `>`', 'never hold', 'refuse the file', 'they were surely not meant'],
      ['regular expressions', 'PCRE, with a limit on backtracking', 'those that could take long run on an engine that cannot, or are refused', 'a client must not choose how long a match takes'],
      ['`:name`', 'letters, digits and some signs', 'a whole segment, whatever is in it', 'a `(` in a path must not change the route'],
      ['a body beyond the limit, with `post_arg`', 'has no fields', '413', 'a padded body must not choose its route'],
    ],
  },
  {
    title: 'Differences in requests and their headers',
    differences: [
      ['`X-Consumer-Username`, `X-Credential-Identifier`, `X-Consumer-Custom-ID` from a client', 'reach the upstream on routes without authentication', 'never, in no spelling; nor any other `X-Consumer-*`', 'an upstream believes them'],
      ['`X-Forwarded-For`, `X-Real-IP` from a client', 'kept, and added to; loopback is believed', 'replaced, unless the peer is in `gateway.trusted_proxies`', 'nobody is trusted by default, loopback included'],
      ['a request that is malformed or ambiguous (two lengths, two hosts, bare line feeds, …)', 'some pass', '400', 'two servers must not read it in two ways'],
      ['an open WebSocket', 'closed after `timeout.read` without a byte, or when its worker ends', 'stays open; closed with a code when its route is gone, or at shutdown', 'silence is no failure, and an edit elsewhere no reason'],
      ['`Server`', '`APISIX/3.18.0`', '`gateway`, without a version', 'a version tells an attacker what to try'],
    ],
  },
  {
    title: 'Differences in upstreams',
    differences: [
      ['https upstreams', 'any certificate', 'must be valid, unless `tls.verify: false`', 'to encrypt for whoever answers protects from nobody'],
      ['`type: chash` without `key`', 'each request is a 500', 'refused, with the line', AT_HAND],
      ['an unknown `type`', 'an error once a second node is there', 'refused', AT_HAND],
      ['`pass_host: rewrite` without `upstream_host`', 'not checked in a route', 'refused', AT_HAND],
      ['`ewma` and nodes that fail at once', 'count as fast', 'count as slow', 'a broken node must not draw the traffic'],
      ['`least_conn` and nodes that are equal', 'the first of a heap', 'come in turn', 'a quiet upstream would use one node'],
      ['a name', 'looked up by the first request that needs it', 'looked up when the configuration begins to serve', 'no request waits for it'],
      ['health checks', 'begin after the first request, anew with every reload', 'begin when the configuration serves, and outlive reloads', 'an edit must not send requests to a dead node'],
      ['the last failure of a request with `passive` checks', 'a refused connection counts only if a retry follows', 'counts', 'it is a failure like the others'],
      ['SRV records of weight 0', 'as they come', 'count as 1', 'RFC 2782 gives them a small share, and not none'],
      ['other kinds of discovery', '503 where they are not set up', 'refused', AT_HAND],
      ['`pass_host: node` and nodes found by DNS', 'their address', 'the name of the service, or of the SRV target', 'certificates and virtual hosts go by names'],
    ],
  },
  {
    title: 'Differences in TLS',
    differences: [
      ['TLS listeners', '`apisix.ssl` in `config.yaml`', '`gateway.listen`', 'one file describes all'],
      ['a certificate in a file', 'no', '`$file://`, watched', 'renewals come as files'],
      ['two certificates for one name', 'the later wins', 'refused', 'nobody writes the first in order to lose it'],
      ['a connection for a name that demands a certificate, and a request for another name', 'served when the other demands none', '400', 'what was shown was shown to one name'],
      ['a key that is not the certificate\'s', 'dropped alone, and the handshake fails', 'refused', AT_HAND],
    ],
  },
  {
    title: 'Differences in authentication',
    differences: [
      ['a key header sent twice with two values', 'the first counts', '401', 'which one another server believes is anybody\'s guess'],
      ['hiding a key', 'in the place where it was found; the query is reordered and re-encoded', 'in both places, where both have it; the rest of the query stays as sent', 'a key that stays in sight is not hidden'],
    ],
  },
];
