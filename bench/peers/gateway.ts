import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../bench.js';
import { type Shape, configuration } from './gateway-config.js';
import type { Peer } from './peer.js';

const PROGRAM = fileURLToPath(new URL('../../../bin/gateway.js', import.meta.url));

/** This gateway, through its command line, on a generated file. */
export function gateway(name: string, shape: Shape): Peer {
  return {
    name,
    start({ processes, folder, upstream }: Bench) {
      const file = join(folder, `${name.replace(/[^\w]+/g, '-')}.yaml`);
      writeFileSync(file, configuration(shape, upstream));
      const args = [PROGRAM, 'start', '-c', file, '--listen', '127.0.0.1:0', '--admin', 'off', '--log-format', 'json'];
      // 100,000 consumers take their time to be read
      return processes.serve({ command: process.execPath, args, ready: /serving .* on http:\/\/127\.0\.0\.1:(\d+)/, timeout: 180_000 });
    },
  };
}
