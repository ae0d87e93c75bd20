import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';

/** Reads a key from stdin, so that it stands in no shell history, and prints its `key_sha256`. Returns the exit code. */
export async function hashKey(): Promise<number> {
  const bytes = await buffer(process.stdin);
  if (!isUtf8(bytes)) {
    process.stderr.write('what stands on stdin is no UTF-8, as the keys of a file are\n');
    return 1;
  }
  const key = bytes.toString().replace(/\r?\n$/, '');
  if (key === '' || /[\r\n]/.test(key)) {
    process.stderr.write('gateway hash-key reads one key, on one line, from stdin: printf %s "$KEY" | gateway hash-key\n');
    return 1;
  }
  process.stdout.write(`${hash('sha256', key)}\n`);
  return 0;
}
