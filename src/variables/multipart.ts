/** The fields of a multipart/form-data body (RFC 7578), names and contents in turn. */
export function multipartFields(body: Buffer, contentType: string): [name: string, value: string][] {
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) return [];
  // the first mark has no line before it
  const parts = `\r\n${body.toString('latin1')}`.split(`\r\n--${mark}`).slice(1);
  const end = parts.findIndex((part) => part.startsWith('--'));
  return parts.slice(0, end < 0 ? 0 : end).flatMap(fieldOf);
}

function fieldOf(part: string): [string, string][] {
  const blank = part.indexOf('\r\n\r\n');
  const name = blank < 0 ? undefined : /^content-disposition:[^\r\n]*[;\s]name="([^"\r\n]*)"/im.exec(part.slice(0, blank).trimStart())?.[1];
  return name === undefined ? [] : [[utf8(name), utf8(part.slice(blank + 4))]];
}

const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();
