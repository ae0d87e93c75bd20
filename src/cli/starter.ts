/** The file that `gateway init` writes: one guarded route to the sample upstream. */
export function starter(schema: string, key: string): string {
  return `# yaml-language-server: $schema=${schema}

# Who calls: a consumer, and the key by which it is recognised.
consumers:
  - username: tom
    plugins:
      key-auth:
        key: ${key} # made for this file; key: $env://TOM_KEY takes it from the environment

# Which requests are taken, what is done with them, and where they go.
routes:
  - id: ip
    uri: /ip # /ip* takes what is below it, too
    upstream_id: sample
    plugins:
      key-auth: {} # without a key: 401

# Where requests go. \`gateway echo\` starts a sample upstream at this address.
upstreams:
  - id: sample
    nodes:
      127.0.0.1:9081: 1 # the share of the requests

# The gateway itself.
gateway:
  listen: 127.0.0.1:9080

# The last line tells that the file is whole, so that half of it is never taken for all of it.
#END
`;
}
