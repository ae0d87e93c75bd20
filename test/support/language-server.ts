import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('../../../node_modules/yaml-language-server/bin/yaml-language-server', import.meta.url));

/** What an editor asks about a place: 0-based line and column. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** The language server that editors use for YAML, spoken to by LSP over stdio. */
export class LanguageServer {
  readonly #child: ChildProcessWithoutNullStreams = spawn(process.execPath, [SERVER, '--stdio']);
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #told: ((message: Message) => void)[] = [];
  #buffer = Buffer.alloc(0);
  #next = 1;

  constructor() {
    this.#child.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#child.stderr.resume();
    this.#child.stdin.on('error', () => {});
  }

  /** Opens it as an editor does in a folder. */
  async initialize(): Promise<void> {
    await this.request('initialize', { processId: process.pid, rootUri: null, capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } }, hover: { contentFormat: ['markdown'] } } } });
    this.#send({ method: 'initialized', params: {} });
  }

  /** Opens a document; resolves to the messages of what is wrong with it. */
  async open(uri: string, text: string): Promise<readonly string[]> {
    const told = this.#diagnosticsOf(uri);
    this.#send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version: 1, text } } });
    return (await told).map(({ message }) => message);
  }

  /** What may be written at a place. */
  async complete(uri: string, position: Place): Promise<readonly string[]> {
    const result = await this.request('textDocument/completion', { textDocument: { uri }, position }) as { items: { label: string }[] } | { label: string }[];
    return ('items' in result ? result.items : result).map(({ label }) => label);
  }

  /** What is told of the word at a place. */
  async hover(uri: string, position: Place): Promise<string> {
    const result = await this.request('textDocument/hover', { textDocument: { uri }, position }) as { contents: { value: string } } | null;
    return result?.contents.value ?? '';
  }

  async request(method: string, params: object): Promise<unknown> {
    const id = this.#next++;
    const answered = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    this.#send({ id, method, params });
    const { result, error } = await Promise.race([answered, within(15_000)]);
    if (error) throw new Error(error.message);
    return result;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  #diagnosticsOf(uri: string): Promise<readonly { readonly message: string }[]> {
    const told = new Promise<readonly { readonly message: string }[]>((resolve) => this.#told.push(({ method, params }) => {
      const found = params as { readonly uri?: string; readonly diagnostics: readonly { readonly message: string }[] };
      if (method === 'textDocument/publishDiagnostics' && found.uri === uri) resolve(found.diagnostics);
    }));
    return Promise.race([told, within(15_000)]);
  }

  #send(message: Message): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #read(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const head = this.#buffer.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.subarray(0, Math.max(head, 0)).toString())?.[1] ?? NaN);
      if (head < 0 || this.#buffer.length < head + 4 + length) return;
      const message = JSON.parse(this.#buffer.subarray(head + 4, head + 4 + length).toString()) as Message;
      this.#buffer = this.#buffer.subarray(head + 4 + length);
      this.#take(message);
    }
  }

  /** Answers reach who asked; the server's own questions (for settings, say) are answered with nothing. */
  #take(message: Message): void {
    const { id, method } = message;
    if (method === undefined) this.#waiting.get(Number(id))?.(message);
    else if (id === undefined) for (const tell of this.#told) tell(message);
    else this.#send({ id, result: method === 'workspace/configuration' ? [null, null, null, null, null] : null });
  }
}

function within(milliseconds: number): Promise<never> {
  return new Promise((_, reject) => void setTimeout(() => reject(new Error('the language server said nothing')), milliseconds).unref());
}
