import { writeFileSync } from 'node:fs';
import { PLUGINS } from '../plugins/index.js';
import { fileSchema } from '../schema/file.js';
import { prepare } from './checks.js';

// run by `npm run build`, from dist/src/config
writeFileSync(new URL('prepared.cjs', import.meta.url), prepare(fileSchema(PLUGINS)));
