/** Express Gateway with one user and one key, on the configuration folder that it is given. */
import { createRequire } from 'node:module';
import { tell } from './listen.js';

const [configuration = '', port, folder = '', id = '', secret = ''] = process.argv.slice(2);
const require = createRequire(folder);

interface ExpressGateway {
  load(folder: string): { run(): Promise<unknown> };
}
interface Services {
  readonly user: { insert(user: { username: string; firstname: string; lastname: string }): Promise<{ id: string }> };
  readonly credential: { insertCredential(owner: string, type: string, credential: { keyId: string; keySecret: string }): Promise<unknown> };
}

await (require('express-gateway') as () => ExpressGateway)().load(configuration).run();
const { user, credential } = require('express-gateway/lib/services') as Services;
const { id: owner } = await user.insert({ username: 'bench', firstname: 'b', lastname: 'b' });
await credential.insertCredential(owner, 'key-auth', { keyId: id, keySecret: secret });
tell(Number(port));
