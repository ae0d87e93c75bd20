/** Hides secrets in what a request holds, each byte a character, and shows the rest as the text that it is. */
export function shownBy(mask: (text: string) => string): (text: string) => string {
  // what a secret is, is known in bytes where it was sent, and as a text where it stands in the body
  return (text) => mask(inUtf8(mask(text)));
}

/** As it is where it is no UTF-8. */
function inUtf8(bytes: string): string {
  if (!/[\x80-\xff]/.test(bytes) || /[^\x00-\xff]/.test(bytes)) return bytes;
  const text = Buffer.from(bytes, 'latin1').toString();
  return text.includes('\ufffd') ? bytes : text;
}
