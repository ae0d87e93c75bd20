import { createHash } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';

/** What TLS connections are made with, as PEM. */
export interface TlsPem {
  /** The authorities that are believed, in place of the well-known ones. */
  readonly ca: string | undefined;
  /** The certificate that is shown to upstreams, with its chain. */
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** What TLS connections are made with. */
export interface TlsMaterial {
  /** Whether a node's certificate must be valid. */
  readonly verify: boolean;
  /** Tells materials apart without holding a key; undefined when nothing was configured. */
  readonly digest: string | undefined;
  /** Shared by connections: to make one parses every authority. */
  context(): SecureContext;
}

/** Makes PEM texts ready for use; they must have been checked. */
export function tlsMaterial(verify: boolean, pem: TlsPem): TlsMaterial {
  let made: SecureContext | undefined;
  const { ca, cert, key } = pem;
  const bare = ca === undefined && cert === undefined && key === undefined;
  return {
    verify,
    digest: bare ? undefined : createHash('sha256').update(JSON.stringify([ca, cert, key])).digest('hex'),
    context: () => (made ??= secureContext(pem)),
  };
}

/** What OpenSSL makes of PEM texts; throws when it takes one of them for no good. */
export function secureContext({ ca, cert, key }: TlsPem): SecureContext {
  return createSecureContext({ ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) });
}
