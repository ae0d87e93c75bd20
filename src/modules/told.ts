/** What of a thrown value is told in one line. */
const LONGEST = 200;

/** What an error of somebody else's code says, in a line: its message without what `hide` takes out, never its stack. */
export function told(error: unknown, hide: (text: string) => string = (text) => text): string {
  const [line = ''] = hide(wordsOf(error)).split('\n', 1);
  // Node.js names the file with what makes it read it anew
  const text = line.replaceAll(/\?[0-9a-f]{16}-[\d.]+/g, '');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text || 'an error without a message';
}

/** What is thrown may be anything, and throw itself when it is made a text. */
function wordsOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    // it has no words of its own
    return '';
  }
}
