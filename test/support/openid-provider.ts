import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Closing } from './gateway.js';

/** An OpenID provider in a process of its own. */
export interface TestProvider {
  readonly issuer: string;
  readonly discovery: string;
  /** Makes it deaf: requests of it are not answered. */
  stop(): void;
  /** An access token of the client itself, opaque or signed for a resource. */
  token(resource?: string): Promise<string>;
}

/** Starts one whose clients `gateway` and `poster` come back to an address. */
export async function startProvider(t: Closing, back: string, accessTokenSeconds = 3600): Promise<TestProvider> {
  const child = spawn(process.execPath, ['test/support/openid-provider.mjs', back, String(accessTokenSeconds)], { stdio: ['ignore', 'pipe', 'ignore'] });
  t.after(() => void child.kill('SIGKILL'));
  const [issuer] = await once(createInterface({ input: child.stdout }), 'line') as [string];
  return {
    issuer,
    discovery: `${issuer}/.well-known/openid-configuration`,
    stop: () => void child.kill('SIGSTOP'),
    async token(resource) {
      const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders', ...(resource !== undefined && { resource }) });
      const answer = await fetch(`${issuer}/token`, { method: 'POST', body, headers: { authorization: `Basic ${Buffer.from('gateway:planted-client-secret').toString('base64')}` } });
      const { access_token: token } = await answer.json() as { readonly access_token?: string };
      if (token === undefined) throw new Error(`no token: ${answer.status}`);
      return token;
    },
  };
}
