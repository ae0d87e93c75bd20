import { createHmac } from 'node:crypto';

/** What the tokens are signed with. */
export const SECRET = 'a-secret-of-a-benchmark-0123456789';

/** Makes JWTs (HS256) of a consumer `tom`, as identity providers do: some 300 characters, each unlike the others. */
export function tokens(count: number): string[] {
  const head = encode({ alg: 'HS256', typ: 'JWT' });
  const exp = Math.floor(Date.now() / 1000) + 86_400;
  return Array.from({ length: count }, (_, i) => {
    const claims = encode({ key: 'tom', sub: `user-${i}@example.com`, iss: 'https://id.example.com', aud: 'orders', scope: 'orders:read orders:write', exp });
    return `${head}.${claims}.${createHmac('sha256', SECRET).update(`${head}.${claims}`).digest('base64url')}`;
  });
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
