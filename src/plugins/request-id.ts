import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { isReserved } from '../header-names.js';
import { requestIdOf, setRequestId } from '../variables/request-id.js';
import { plugin } from './plugin.js';

/** Gives every request an id, which the upstream and the client see, as Apache APISIX's plugin of this name does. */
export const requestId = plugin({
  name: 'request-id',
  priority: 12015,
  schema: {
    description: 'Gives every request an id that the upstream, the client and the logs see. One that the client sends is kept.',
    type: 'object',
    properties: {
      header_name: { description: 'The header that carries it.', type: 'string', minLength: 1, pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", default: 'X-Request-Id' },
      include_in_response: { description: 'Whether the client gets it too.', type: 'boolean', default: true },
      algorithm: { description: 'How ids are made.', type: 'string', enum: ['uuid', 'uuidv7', 'nanoid', 'range_id', 'ksuid'], default: 'uuid' },
      range_id: {
        description: 'Of the algorithm `range_id`: what its ids are made of.',
        type: 'object',
        properties: {
          length: { description: 'How many characters an id has.', type: 'integer', minimum: 6, maximum: 1024, default: 16 },
          char_set: { description: 'The characters that it may have.', type: 'string', minLength: 6, maxLength: 256, pattern: '^[!-~]+$', default: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIGKLMNOPQRSTUVWXYZ0123456789' },
        },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  },

  compile({ header_name: header, include_in_response: shown, algorithm, range_id: range }, binding) {
    const lower = header.toLowerCase();
    if (isReserved(lower)) binding.reject(['header_name'], `the header ${header} cannot carry an id: it has a meaning of its own`);
    const { length = 16, char_set: characters = NANOID } = range ?? {};
    const make = algorithm === 'range_id' ? () => pick(characters, length) : MAKERS[algorithm];
    const rewrite = (x: Parameters<typeof requestIdOf>[0]): undefined => {
      const sent = x.headerValues(lower).find((value) => value !== '');
      const id = sent ?? make();
      setRequestId(x, id);
      if (sent === undefined) x.setHeader(header, id);
    };
    if (!shown) return { rewrite };
    return {
      rewrite,
      headerFilter(x, head) {
        if (!head.headers.some((name, i) => i % 2 === 0 && name.toLowerCase() === lower)) head.headers.push(header, requestIdOf(x));
      },
    };
  },
});

const NANOID = 'useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict';
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const MAKERS = { uuid: randomUUID, uuidv7, nanoid: () => pick(NANOID, 21), ksuid } as const;

/** A UUID that begins with its time (RFC 9562, section 5.7). */
function uuidv7(): string {
  const hex = Date.now().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${randomUUID().slice(15)}`;
}

/** Seconds since May 2014 and 16 random bytes, in 27 characters. */
function ksuid(): string {
  const time = (Math.trunc(Date.now() / 1000) - 1_400_000_000).toString(16).padStart(8, '0');
  let rest = BigInt(`0x${time}${randomBytes(16).toString('hex')}`);
  let id = '';
  for (; rest > 0n; rest /= 62n) id = `${BASE62[Number(rest % 62n)] ?? ''}${id}`;
  return id.padStart(27, '0');
}

function pick(characters: string, length: number): string {
  let id = '';
  for (let i = 0; i < length; i++) id += characters[randomInt(characters.length)] ?? '';
  return id;
}
