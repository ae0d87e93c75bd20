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
  discovery_args: 'remove it: `discovery_type: dns` takes no arguments',
};

/** A hint for a field of Apache APISIX that is refused. */
export function adviceFor(field: string): string {
  return ADVICE[field] ?? 'remove it; it is refused, since to ignore it could open what it closes';
}
