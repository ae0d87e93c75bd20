import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

const HOSTS = process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';

/** The addresses that the system's hosts file has for a name; none when there is no such file. */
export async function inHostsFile(name: string): Promise<string[]> {
  const text = await readFile(HOSTS, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/);
    return isIP(address) > 0 && names.includes(name) ? [address] : [];
  });
}
