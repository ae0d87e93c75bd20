import { desc, id, labels, timestamp } from './common.js';
import type { Infer } from './infer.js';

const sni = {
  description: 'A server name, exact or with a leading wildcard: `*.example.com` takes any depth.',
  type: 'string', minLength: 1, maxLength: 253, pattern: '^\\*?[0-9a-zA-Z-_.]+$', examples: ['example.com', '*.example.com'],
} as const;

const cert = {
  description: 'The certificate as PEM, with the chain that it needs; or `$file://`, `$env://`. A file is watched.',
  type: 'string', minLength: 1, examples: ['$file://certs/example.pem'],
} as const;

const key = {
  description: 'The private key of the certificate, as PEM; or `$file://`, `$env://`. A file is watched.',
  type: 'string', minLength: 1, 'x-secret': true, examples: ['$file://certs/example.key'],
} as const;

const properties = {
  id, desc, labels,
  type: { description: '`server`: shown to clients that ask for its names. `client`: shown to upstreams that name it in `tls.client_cert_id`.', enum: ['server', 'client'], default: 'server' },
  sni,
  snis: { description: 'Several names, instead of `sni`.', type: 'array', items: sni, minItems: 1, uniqueItems: true, examples: [['example.com', '*.example.com']] },
  cert, key,
  certs: { description: 'Further certificates for the same names, of other key types; as many as `keys`.', type: 'array', items: cert },
  keys: { description: 'The private keys of `certs`, in the same order.', type: 'array', items: key },
  client: {
    description: 'What clients must show (mTLS): without it their requests are answered with 400.',
    type: 'object',
    properties: {
      ca: { ...cert, description: 'Certificates of the authorities that are believed, as PEM; or `$file://`, `$env://`.', examples: ['$file://certs/clients.pem'] },
      depth: { description: 'Certificates that may stand between the client\'s and the authority.', type: 'integer', minimum: 0, default: 1 },
      skip_mtls_uri_regex: { description: 'Paths that are served without a client certificate, as regular expressions.', type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true, examples: [['^/health$']] },
    },
    required: ['ca'],
    additionalProperties: false,
  },
  ssl_protocols: { description: 'The versions of TLS that are spoken; 1.2 and 1.3, unless given.', type: 'array', items: { type: 'string', enum: ['TLSv1.1', 'TLSv1.2', 'TLSv1.3'] }, minItems: 1, uniqueItems: true },
  status: { description: '0 takes the certificate out of service.', enum: [0, 1], default: 1 },
  validity_start: timestamp, validity_end: timestamp, create_time: timestamp, update_time: timestamp,
} as const;

/** A certificate: one that is shown to clients by the name that they ask for, or one that is shown to upstreams. */
export const ssl = {
  description: 'A certificate with its key, and the names that it is shown for.',
  type: 'object',
  properties,
  required: ['cert', 'key'],
  allOf: [{ not: { required: ['sni', 'snis'] } }],
  additionalProperties: false,
  'x-unsupported': ['gm', 'exptime', 'ocsp_stapling'],
} as const;

const plainSsl = { type: 'object', properties, required: ['cert', 'key'], additionalProperties: false } as const;

export type SslConfig = Infer<typeof plainSsl>;
