import { PLUGINS } from '../plugins/index.js';
import { publishedSchema } from '../schema/publish.js';

/** Prints the JSON Schema of the configuration file. */
export function schema(): void {
  process.stdout.write(publishedSchema(PLUGINS));
}
