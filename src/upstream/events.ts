/** What upstreams tell of themselves while the gateway runs. */
export type UpstreamEvent =
  | { readonly type: 'health'; readonly upstream: string; readonly node: string; readonly healthy: boolean; readonly because: string }
  | { readonly type: 'resolved'; readonly name: string; readonly addresses: readonly string[] }
  /** `kept`: the addresses of before are used on. */
  | { readonly type: 'unresolved'; readonly name: string; readonly code: string; readonly kept: boolean };

/** Who is told. */
export type TellUpstream = (event: UpstreamEvent) => void;
