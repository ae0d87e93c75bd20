import { isIP } from 'node:net';
import { checkServerIdentity, type ConnectionOptions } from 'node:tls';

/** The name or address in a Host, as certificates have it: lower case, without port, brackets and the root's dot. */
export function nameOf(authority: string): string {
  const name = authority.replace(/:\d*$/, '');
  return canonical(name.startsWith('[') ? name.slice(1, -1) : name);
}

const canonical = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** More does not fit into a handshake (RFC 1035, section 2.3.4). */
const LONGEST = 253;

/**
 * Which name a handshake asks for, and for which names the certificate that comes may be. That is the Host that is sent;
 * and the node's own, which the author of the configuration has written: clients reach a gateway under names that
 * the nodes behind it need not have. An address cannot be asked for (RFC 6066, section 3), so the node's name is.
 */
export function identity(name: string, node: string): Pick<ConnectionOptions, 'servername' | 'checkServerIdentity'> {
  const own = canonical(node);
  const asked = [name, own].find(isAskable);
  return {
    ...(asked !== undefined && { servername: asked }),
    checkServerIdentity: (_, certificate) => {
      const wrong = checkServerIdentity(name, certificate);
      return wrong && checkServerIdentity(own, certificate) ? wrong : undefined;
    },
  };
}

const isAskable = (name: string): boolean => name !== '' && name.length <= LONGEST && isIP(name) === 0;
