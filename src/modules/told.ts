/** What of a thrown value is told in one line. */
const LONGEST = 200;

/** What an error of somebody else's code says, in a line: its message without what `hide` takes out, never its stack. */
export function told(error: unknown, hide: (text: string) => string = (text) => text): string {
  const [line = ''] = hide(error instanceof Error ? error.message : String(error)).split('\n', 1);
  // Node.js names the file with what makes it read it anew
  const text = line.replaceAll(/\?[0-9a-f]{16}-[\d.]+/g, '');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text || 'an error without a message';
}
