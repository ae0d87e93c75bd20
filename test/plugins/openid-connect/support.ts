import { startUpstream, answer, type RawUpstream } from '../../support/upstream.js';
import { startGateway, type Closing, type TestGateway } from '../../support/gateway.js';
import { startProvider, type TestProvider } from '../../support/openid-provider.js';

/** A gateway whose route asks for a login with a provider. */
export interface Guarded {
  readonly url: string;
  readonly gateway: TestGateway;
  readonly provider: TestProvider;
  readonly upstream: RawUpstream;
  /** Swaps to other options of the plugin, in flow style. */
  configure(options: string, client?: string): void;
}

/** Starts all three. */
export async function guarded(t: Closing, options: string, accessTokenSeconds?: number): Promise<Guarded> {
  const upstream = await startUpstream(t, () => answer('in'));
  const gateway = await startGateway(t, 'routes: []');
  const url = `http://127.0.0.1:${gateway.port}`;
  const provider = await startProvider(t, `${url}/callback`, accessTokenSeconds);
  const configure = (own: string, client = 'client_id: gateway, client_secret: planted-client-secret'): void => gateway.swap(`
routes: [{id: all, uri: /*, upstream_id: up, plugins: {openid-connect: {${client}, discovery: "${provider.discovery}", ${own}}}}]
upstreams: [{id: up, nodes: {"127.0.0.1:${upstream.port}": 1}}]`);
  configure(options);
  return { url, gateway, provider, upstream, configure };
}

/** What the upstream got last under a header, decoded as this plugin encodes claims. */
export function claimsSeen(upstream: RawUpstream, name: string): Readonly<Record<string, unknown>> | undefined {
  const value = headerSeen(upstream, name);
  return value === undefined ? undefined : JSON.parse(Buffer.from(value, 'base64').toString()) as Readonly<Record<string, unknown>>;
}

/** What the upstream got last under a header. */
export const headerSeen = (upstream: RawUpstream, name: string): string | undefined => upstream.requests.at(-1)?.headers.find(([own]) => own.toLowerCase() === name)?.[1];
