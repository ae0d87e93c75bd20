import { addressList, type AddressList } from '../addresses.js';
import type { Path } from '../diagnostics/diagnostic.js';
import { plugin, type Reply } from './plugin.js';

const list = { type: 'array', items: { description: 'An address or a CIDR.', type: 'string', minLength: 1 }, minItems: 1 } as const;

/** Lets requests through, or not, by the client's address, as Apache APISIX's plugin of this name does. */
export const ipRestriction = plugin({
  name: 'ip-restriction',
  priority: 3000,
  schema: {
    description: 'Lets requests through by the address of the client.',
    type: 'object',
    properties: {
      whitelist: { description: 'Only these addresses and CIDRs are let through.', ...list, examples: [['10.0.0.0/8', '127.0.0.1']] },
      blacklist: { description: 'These addresses and CIDRs are not let through.', ...list, examples: [['203.0.113.0/24']] },
      message: { description: 'What a refused client is told.', type: 'string', minLength: 1, maxLength: 1024, default: 'Your IP address is not allowed' },
      response_code: { description: 'The status of a refusal: 403, or 404 to hide that there is something.', type: 'integer', minimum: 403, maximum: 404, default: 403 },
    },
    oneOf: [{ required: ['whitelist'] }, { required: ['blacklist'] }],
    additionalProperties: false,
  },

  compile({ whitelist, blacklist, message, response_code: status }, binding) {
    const addresses = (entries: readonly string[], name: string): AddressList => addressList(entries, (i) => binding.reject([name, i] satisfies Path, 'this is no address and no CIDR, such as 10.0.0.7 or 10.0.0.0/8'));
    const allowed = whitelist && addresses(whitelist, 'whitelist');
    const denied = blacklist && addresses(blacklist, 'blacklist');
    const refusal: Reply = { status, body: { message } };
    return {
      access: ({ address }) => ((allowed && !allowed.has(address)) || denied?.has(address) === true ? refusal : undefined),
    };
  },
});
