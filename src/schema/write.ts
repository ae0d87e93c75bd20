import { mkdirSync, writeFileSync } from 'node:fs';
import { PLUGINS } from '../plugins/index.js';
import { publishedCasesSchema, publishedSchema } from './publish.js';

// run by `npm run schema`, from dist/src/schema
const folder = new URL('../../../schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('gateway.schema.json', folder), publishedSchema(PLUGINS));
writeFileSync(new URL('requests.schema.json', folder), publishedCasesSchema());
