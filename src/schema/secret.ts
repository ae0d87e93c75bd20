import { desc, name, timestamp } from './common.js';
import type { Infer } from './infer.js';

/** A place that secrets are read from, at load; `$secret://<its id>/<name>` in a plugin's configuration stands for one of them. */
export const secret = {
  description: 'A place that secrets are read from: `$secret://file/run/db` stands for what the file `db` in the directory of `file/run` holds.',
  type: 'object',
  properties: {
    id: { description: 'Where the secrets are kept, and a name: `file/<name>` for a directory with a file for each, `env/<name>` for environment variables.', type: 'string', minLength: 1, maxLength: 128, pattern: '^(file|env)/[a-zA-Z0-9._-]+$', examples: ['file/run', 'env/app'] },
    directory: { description: 'Of `file/…`: the directory, absolute, or relative to where the gateway is started.', type: 'string', minLength: 1, examples: ['/run/secrets'] },
    prefix: { description: 'Of `env/…`: what the names of the variables start with.', type: 'string', minLength: 1, examples: ['APP_'] },
    name, desc, create_time: timestamp, update_time: timestamp,
  },
  required: ['id'],
  additionalProperties: false,
  // of vault, aws and gcp; names of secrets are no words of ours, which would show what stands under names like them
  'x-unsupported': ['uri', 'namespace', 'region', 'endpoint_url', 'auth_file', 'ssl_verify'],
} as const;

export type SecretConfig = Infer<typeof secret>;
