/** An HTTP message as a strict reader of its own sees it: nothing of it is shared with the code under test. */
export interface Message {
  /** The request line or status line. */
  readonly start: string;
  /** Name and value, in order and as spelled. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** How the body ended. */
  readonly framing: 'none' | 'length' | 'chunked' | 'close';
  /** What follows the message on its connection. */
  readonly rest: string;
}

/** Takes the first request off received bytes; undefined when it is not whole yet. `trailers`: it may have some. */
export function takeRequest(bytes: string, trailers = false): Message | undefined {
  const head = takeHead(bytes);
  if (!head) return undefined;
  if (!/^[!-~]+ [!-\xff]+ HTTP\/1\.1$/.test(head.start)) throw new Error(`no request line: ${JSON.stringify(head.start)}`);
  return takeBody(head, false, false, trailers);
}

/** Takes the first final response off received bytes; undefined when it is not whole. 1xx are skipped. */
export function takeResponse(bytes: string, method: string, closed: boolean): Message | undefined {
  const head = takeHead(bytes);
  if (!head) return undefined;
  const status = Number(/^HTTP\/1\.1 ([1-5]\d\d) [\t -~\x80-\xff]*$/.exec(head.start)?.[1]);
  if (!status) throw new Error(`no status line: ${JSON.stringify(head.start)}`);
  if (status < 200) return takeResponse(head.rest, method, closed);
  if (method === 'HEAD' || status === 204 || status === 304) return { ...head, body: '', framing: 'none' };
  return takeBody(head, true, closed);
}

/** Every value of a header. */
export function values(message: Message, name: string): string[] {
  return message.headers.filter(([n]) => n.toLowerCase() === name).map(([, v]) => v);
}

/** The status of a response. */
export function statusOf(message: Message): number {
  return Number(message.start.split(' ')[1]);
}

type Head = Pick<Message, 'start' | 'headers' | 'rest'>;

function takeHead(bytes: string): Head | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [start = '', ...lines] = bytes.slice(0, end).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t -~\x80-\xff]*?)[ \t]*$/.exec(line);
    if (!field) throw new Error(`no header field: ${JSON.stringify(line)}`);
    return [field[1] ?? '', field[2] ?? ''];
  });
  return { start, headers, rest: bytes.slice(end + 4) };
}

function takeBody(head: Head, response: boolean, closed = false, trailers = response): Message | undefined {
  const message: Message = { ...head, body: '', framing: 'none' };
  const codings = values(message, 'transfer-encoding');
  const lengths = values(message, 'content-length');
  if (codings.length > 0) {
    if (lengths.length > 0 || codings.join() !== 'chunked') throw new Error(`ambiguous framing: ${codings.join()} / ${lengths.join()}`);
    return takeChunks(message, trailers);
  }
  if (lengths.length > 1 || lengths.some((l) => !/^\d+$/.test(l))) throw new Error(`ambiguous length: ${lengths.join()}`);
  const [length] = lengths.map(Number);
  if (length !== undefined) {
    if (head.rest.length < length) return undefined;
    return { ...message, body: head.rest.slice(0, length), rest: head.rest.slice(length), framing: 'length' };
  }
  if (!response) return message;
  return closed ? { ...message, body: head.rest, rest: '', framing: 'close' } : undefined;
}

function takeChunks(message: Message, trailers = false): Message | undefined {
  let { rest } = message;
  let body = '';
  for (;;) {
    const line = rest.indexOf('\r\n');
    if (line < 0) return undefined;
    if (!/^[0-9a-fA-F]+$/.test(rest.slice(0, line))) throw new Error(`no chunk size: ${JSON.stringify(rest.slice(0, line))}`);
    const size = parseInt(rest.slice(0, line), 16);
    if (rest.length < line + 2 + size + 2) return undefined;
    if (size === 0 && trailers && !rest.startsWith('\r\n', line + 2)) {
      const end = rest.indexOf('\r\n\r\n', line + 2);
      return end < 0 ? undefined : { ...message, body, rest: rest.slice(end + 4), framing: 'chunked' };
    }
    if (rest.slice(line + 2 + size, line + 4 + size) !== '\r\n') throw new Error(size === 0 ? 'trailers' : 'a chunk does not end');
    body += rest.slice(line + 2, line + 2 + size);
    rest = rest.slice(line + 4 + size);
    if (size === 0) return { ...message, body, rest, framing: 'chunked' };
  }
}
