import { rename, writeFile } from 'node:fs/promises';

/** Saves a file as `vim` and configuration tools do: whole, by renaming another over it. */
export async function saveByRename(file: string, text: string | Buffer): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

/** A configuration like the tutorial's: a protected route `/ip` and an open one `/open`. */
export function tutorial(port: number, { disabled = false, gateway = '', marker = true }: { disabled?: boolean; gateway?: string; marker?: boolean } = {}): string {
  return `consumers:
  - username: tom
    plugins:
      key-auth:
        key: secret-key
routes:
  - id: open
    uri: /open
    upstream_id: up
  - id: protected
    uri: /ip
    upstream_id: up
    plugins:
      key-auth:
        _meta:
          disable: ${disabled}
upstreams:
  - id: up
    nodes:
      127.0.0.1:${port}: 1
gateway:
  listen: 127.0.0.1:0
${gateway}${marker ? '#END\n' : ''}`;
}

/** A file that no gateway takes: its third line holds an unknown plugin. */
export const BROKEN = `routes:
  - uri: /ip
    plugins: {key-auht: {}}
    upstream: {nodes: {127.0.0.1:1: 1}}
#END
`;
