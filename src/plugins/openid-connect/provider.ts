import type { KeyObject } from 'node:crypto';
import { isFault, type Outbound } from '../../outbound/outbound.js';
import type { Infer } from '../../schema/infer.js';
import { Renewals } from './renewals.js';
import { ALGORITHMS, type schema } from './schema.js';

export type Options = Infer<typeof schema>;

type Client = typeof import('openid-client');
type Configuration = InstanceType<Client['Configuration']>;

/** What is said of a token or of a user. */
export type Claims = Readonly<Record<string, unknown>>;

/** What a login or a renewal brings. */
export interface Tokens {
  readonly access: string;
  readonly refresh: string | undefined;
  /** As it was sent; undefined where a renewal brought none. */
  readonly id: string | undefined;
  readonly claims: Claims | undefined;
  /** What it is good for; undefined when that is what was asked for. */
  readonly scope: string | undefined;
  /** Seconds since 1970; undefined when it was not told. */
  readonly expires: number | undefined;
}

/** What a login that is under way must come back with. */
export interface Pending {
  readonly state: string;
  readonly nonce?: string | undefined;
  readonly verifier?: string | undefined;
  /** Where the provider sends the client back to. */
  readonly back: string;
}

/** What the provider says of itself is asked for again after this long, and after a failure no sooner than that. */
const FRESH_MS = 3_600_000;
const RETRY_MS = 1000;

/**
 * An OpenID provider, through the libraries that speak to it. Nothing is asked before the first request that needs it. What
 * it says of itself is asked for once, whoever waits for it. Everything rejects when the provider is lost, or says no.
 */
export class Provider {
  readonly renewals = new Renewals((refresh) => this.#renew(refresh));
  #found: { readonly at: number; readonly value: Promise<Configuration> } | undefined;
  #keys: Promise<Verify> | undefined;

  constructor(private readonly options: Options, private readonly outbound: Outbound) {}

  /** What the provider says of an access token; undefined when it is not valid. */
  async introspect(token: string, headers: readonly string[]): Promise<Claims | undefined> {
    const client = await import('openid-client');
    const { introspection_endpoint: endpoint, introspection_endpoint_auth_method: method, discovery } = this.options;
    const server = endpoint === undefined ? (await this.#configuration()).serverMetadata() : { issuer: discovery, introspection_endpoint: endpoint };
    const config = this.#made(client, server, method, headers);
    const { active, ...claims } = await client.tokenIntrospection(config, token);
    return active ? claims : undefined;
  }

  /** The claims of an access token, whose signature, issuer and times hold. */
  async verify(token: string, key: KeyObject | undefined): Promise<Claims> {
    const { jwtVerify } = await import('./jose.js');
    const { claim_validator: { issuer }, token_signing_alg_values_expected: algorithm, iat_slack: clockTolerance } = this.options;
    const issuers = issuer?.valid_issuers ?? [(await this.#configuration()).serverMetadata().issuer];
    const checks = { issuer: [...issuers], algorithms: algorithm === undefined ? [...ALGORITHMS] : [algorithm], clockTolerance, requiredClaims: ['exp'] };
    const { payload } = key ? await jwtVerify(token, key, checks) : await jwtVerify(token, await (this.#keys ??= this.#published()), checks);
    return payload;
  }

  /** Where a client logs in, and what its way back must bring. */
  async begin(back: string): Promise<{ readonly url: string; readonly pending: Pending }> {
    const client = await import('openid-client');
    const config = await this.#configuration();
    const { scope, use_pkce: pkce = true, use_nonce: withNonce, authorization_params: more = {} } = this.options;
    const state = client.randomState();
    const nonce = withNonce ? client.randomNonce() : undefined;
    const verifier = pkce ? client.randomPKCECodeVerifier() : undefined;
    const url = client.buildAuthorizationUrl(config, {
      ...more, redirect_uri: back, scope, state, response_type: 'code',
      ...(nonce !== undefined && { nonce }),
      ...(verifier !== undefined && { code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' }),
    });
    return { url: url.href, pending: { state, nonce, verifier, back } };
  }

  /** Exchanges the code that a client came back with for tokens. */
  async complete(query: string, { state, nonce, verifier, back }: Pending): Promise<Tokens> {
    const client = await import('openid-client');
    const url = new URL(back);
    url.search = query;
    const answer = await client.authorizationCodeGrant(await this.#configuration(), url, {
      expectedState: state, idTokenExpected: true, ...(nonce !== undefined && { expectedNonce: nonce }), ...(verifier !== undefined && { pkceCodeVerifier: verifier }),
    });
    return tokensOf(answer);
  }

  /** What the provider tells of a user; undefined when it tells nothing. */
  async user(access: string, subject: string): Promise<Claims | undefined> {
    const client = await import('openid-client');
    const config = await this.#configuration();
    return config.serverMetadata().userinfo_endpoint === undefined ? undefined : client.fetchUserInfo(config, access, subject);
  }

  /** Where a client ends its login with the provider as well; undefined when there is no such place. */
  async end(idToken: string | undefined): Promise<string | undefined> {
    const client = await import('openid-client');
    const config = await this.#configuration();
    const { post_logout_redirect_uri: then } = this.options;
    if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
    return client.buildEndSessionUrl(config, { ...(then !== undefined && { post_logout_redirect_uri: then }), ...(idToken !== undefined && { id_token_hint: idToken }) }).href;
  }

  async #renew(refresh: string): Promise<Tokens> {
    const client = await import('openid-client');
    const tokens = tokensOf(await client.refreshTokenGrant(await this.#configuration(), refresh));
    return { ...tokens, refresh: tokens.refresh ?? refresh };
  }

  #configuration(): Promise<Configuration> {
    const now = Date.now();
    if (this.#found && now - this.#found.at < FRESH_MS) return this.#found.value;
    const value = this.#discover();
    const found = { at: now, value };
    this.#found = found;
    // the next one asks again, and meanwhile a lost provider is not asked by everybody
    value.catch(() => {
      if (this.#found === found) this.#found = { at: now - FRESH_MS + RETRY_MS, value };
    });
    return value;
  }

  async #discover(): Promise<Configuration> {
    const client = await import('openid-client');
    const { discovery, client_id: id, client_secret: secret, token_endpoint_auth_method: method, timeout } = this.options;
    // an ID token is held against the provider's keys, though TLS may have vouched for it: it need not be spoken, nor verified
    const execute = [client.enableNonRepudiationChecks, ...(discovery.startsWith('http:') ? [client.allowInsecureRequests] : [])];
    return client.discovery(new URL(discovery), id, { [client.clockTolerance]: this.options.iat_slack }, authOf(client, method, secret), { [client.customFetch]: fetchThrough(this.outbound, []), execute, timeout });
  }

  #made(client: Client, server: { readonly issuer: string }, method: string, headers: readonly string[]): Configuration {
    const { client_id: id, client_secret: secret, introspection_endpoint: endpoint = '', discovery } = this.options;
    const config = new client.Configuration(server, id, {}, authOf(client, method, secret));
    config[client.customFetch] = fetchThrough(this.outbound, headers);
    if ((endpoint || discovery).startsWith('http:')) client.allowInsecureRequests(config);
    return config;
  }

  /** The keys that the provider publishes: read anew when a token names one that is not among them, at most every 30 s. */
  async #published(): Promise<Verify> {
    try {
      const { createRemoteJWKSet, customFetch } = await import('./jose.js');
      const { jwks_uri: uri } = (await this.#configuration()).serverMetadata();
      if (uri === undefined) throw new Error('the provider publishes no keys');
      return createRemoteJWKSet(new URL(uri), { [customFetch]: fetchThrough(this.outbound, []), cacheMaxAge: FRESH_MS });
    } catch (error) {
      this.#keys = undefined;
      throw error;
    }
  }
}

type Verify = ReturnType<typeof import('./jose.js')['createRemoteJWKSet']>;

function authOf(client: Client, method: string, secret: string | undefined): ReturnType<Client['ClientSecretPost']> {
  if (secret === undefined) return client.None();
  return method === 'client_secret_post' ? client.ClientSecretPost(secret) : client.ClientSecretBasic(secret);
}

interface Sent {
  readonly method?: string;
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  readonly body?: unknown;
}

/** What `fetch` is to these libraries, through the one door that the gateway's own requests take. */
function fetchThrough(outbound: Outbound, more: readonly string[]): (url: string, sent: Sent) => Promise<Response> {
  return async (url, { method = 'GET', headers, body }) => {
    const lines = [...new Headers(headers)].flat();
    const answer = await outbound.send({ method: method === 'POST' ? 'POST' : 'GET', url: new URL(url), headers: [...lines, ...more], body: body === undefined || body === null ? undefined : String(body) });
    if (isFault(answer)) throw new Error(answer.failed);
    const given = new Headers();
    for (let i = 0; i + 1 < answer.headers.length; i += 2) given.append(answer.headers[i] ?? '', answer.headers[i + 1] ?? '');
    const empty = answer.status === 204 || answer.status === 304 || answer.status < 200;
    return new Response(empty ? null : answer.body.toString(), { status: answer.status, headers: given });
  };
}

type Answer = Pick<Awaited<ReturnType<Client['authorizationCodeGrant']>>, 'access_token' | 'refresh_token' | 'id_token' | 'scope' | 'expiresIn' | 'claims'>;

function tokensOf(answer: Answer): Tokens {
  const { access_token: access, refresh_token: refresh, id_token: id, scope } = answer;
  const seconds = answer.expiresIn();
  return { access, refresh, id, scope, claims: answer.claims(), expires: seconds === undefined ? undefined : Math.floor(Date.now() / 1000) + seconds };
}
