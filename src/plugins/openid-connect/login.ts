import { createHash } from 'node:crypto';
import type { Binding, Exchange, Reply } from '../plugin.js';
import { scopeFault } from './bearer.js';
import { asHeaders } from './cookies.js';
import { tellingUpstream } from './headers.js';
import { PendingLogins } from './pending.js';
import { backOf, targetOf } from './places.js';
import type { Claims, Options, Provider, Tokens } from './provider.js';
import { Sessions, type Found } from './session.js';
import { why } from './why.js';

/** What does logins: by the authorization code flow of OpenID Connect Core 1.0, with PKCE (RFC 7636). */
export function loginOf(options: Options, provider: Provider, binding: Binding): (x: Exchange) => Reply | undefined | Promise<Reply | undefined> {
  const { session } = options;
  // refused already: a login needs one
  if (!session) return () => FAILED;
  // a session of another client or provider is none here, though it has the same secret
  const purpose = createHash('sha256').update(JSON.stringify([options.discovery, options.client_id])).digest('hex');
  const flow = { options, provider, binding, back: backOf(options.redirect_uri), pending: new PendingLogins(session, purpose), sessions: new Sessions(options, session, provider, binding, purpose), tell: tellingUpstream(options) };
  return (x) => {
    if (flow.back.is(x)) return comeBack(x, flow);
    if (x.path === options.logout_path) return logout(x, flow);
    const found = flow.sessions.find(x);
    return found instanceof Promise ? found.then((renewed) => go(x, renewed, flow)) : go(x, found, flow);
  };
}

interface Flow {
  readonly options: Options;
  readonly provider: Provider;
  readonly binding: Binding;
  readonly back: ReturnType<typeof backOf>;
  readonly pending: PendingLogins;
  readonly sessions: Sessions;
  readonly tell: ReturnType<typeof tellingUpstream>;
}

/** What Apache APISIX answers when a login cannot go on. */
const FAILED: Reply = { status: 500 };
const DENIED: Reply = { status: 401 };

function go(x: Exchange, { session, cookies }: Found, flow: Flow): Reply | undefined | Promise<Reply | undefined> {
  if (!session) return unauthenticated(x, flow);
  for (const line of cookies) x.addResponseHeader('Set-Cookie', line);
  const { access, refresh, claims } = session.tokens;
  flow.tell(x, { access, refresh, claims, user: session.user });
  return undefined;
}

function unauthenticated(x: Exchange, flow: Flow): Reply | undefined | Promise<Reply> {
  const { unauth_action: action } = flow.options;
  if (action === 'pass') return undefined;
  // what a form sends would be lost on the way
  return action === 'deny' || !(x.method === 'GET' || x.method === 'HEAD') ? DENIED : begin(x, flow);
}

async function begin(x: Exchange, { provider, back, pending, binding }: Flow): Promise<Reply> {
  try {
    const { url, pending: login } = await provider.begin(back.addressFor(x));
    const cookies = pending.add(x, { ...login, target: targetOf(x), began: Math.floor(Date.now() / 1000) });
    return redirect(url, cookies);
  } catch (error) {
    binding.tell(`nobody can log in: ${why(error)}`);
    return FAILED;
  }
}

async function comeBack(x: Exchange, flow: Flow): Promise<Reply> {
  const { provider, pending, sessions, binding, options } = flow;
  const [state, another] = x.argumentValues('state');
  const login = typeof state === 'string' && another === undefined ? pending.find(x, state) : undefined;
  if (!login) return FAILED;
  try {
    const tokens = await provider.complete(x.query ?? '', login);
    const refusal = scopeFault({ scope: tokens.scope ?? options.scope }, options.required_scopes);
    if (refusal) return refusal;
    const cookies = sessions.keep(x, tokens, await userOf(tokens, flow));
    if (!cookies) {
      binding.tell('a login is too large for cookies: ask for less in `scope`');
      return FAILED;
    }
    return redirect(login.target, [...cookies, ...pending.remove(x, login.state)]);
  } catch (error) {
    binding.tell(`a login failed: ${why(error)}`);
    return { ...FAILED, headers: asHeaders(pending.remove(x, login.state)) };
  }
}

/** Who has logged in, as far as it is wanted and told. */
async function userOf({ access, claims }: Tokens, { options, provider }: Flow): Promise<Claims | undefined> {
  if (!options.set_userinfo_header || typeof claims?.['sub'] !== 'string') return undefined;
  return provider.user(access, claims['sub']);
}

async function logout(x: Exchange, { options, provider, sessions, binding }: Flow): Promise<Reply> {
  const cookies = sessions.clear(x);
  const end = await provider.end(sessions.peek(x)?.tokens.id).catch((error: unknown) => binding.tell(`the provider does not take part in a logout: ${why(error)}`));
  const then = end ?? options.post_logout_redirect_uri;
  return then === undefined ? { status: 200, headers: asHeaders(cookies), body: 'Logged out\n' } : redirect(then, cookies);
}

const redirect = (to: string, cookies: readonly string[]): Reply => ({ status: 302, headers: ['Location', to, 'Cache-Control', 'no-store', ...asHeaders(cookies)] });
