import type { Processes } from '../../bench/processes.js';

/** A request as a server logged it. */
export interface Logged {
  /** The case it belongs to (header X-Case); `-` for none. */
  readonly id: string;
  readonly method: string;
  /** The target as the server read it. */
  readonly target: string;
  /** The path as the server understood it, decoded, one character per byte; undefined when it does not tell. */
  readonly path: string | undefined;
}

/** What a server is started with. */
export interface Setting {
  readonly processes: Processes;
  /** A folder of the server's own, for its configuration and its logs. */
  readonly folder: string;
  /** The files that it serves. */
  readonly docs: string;
  /** The port of the node:http server behind it; a kind that takes no backend does not look at it. */
  readonly backend: number;
}

/** A server that runs. */
export interface Running {
  readonly pid: number;
  readonly port: number;
  /** Ends it; resolves to all that it logged. */
  stop(): Promise<readonly Logged[]>;
}

/** A real server in one way of use. */
export interface Kind {
  readonly name: string;
  /** The program it needs; undefined when that is Node. */
  readonly program: string | undefined;
  /** Passes requests on to the backend; otherwise it answers by itself. */
  readonly proxies: boolean;
  start(setting: Setting): Promise<Running>;
}

/** Reads logs of one request a line: case, method, request line or target, decoded path, set apart by spaces. */
export function readLog(text: string, unescape: (field: string) => string): readonly Logged[] {
  return text.split('\n').filter((line) => line !== '').map((line) => {
    const [id = '-', method = '', ...rest] = line.split(' ');
    // a target has no space, unless the request was none: then it is shown as a whole
    const match = /^(\S*)\t(.*)$/s.exec(rest.join(' '));
    return { id, method, target: unescape(match?.[1] ?? rest.join(' ')), path: match ? unescape(match[2] ?? '') : undefined };
  });
}

/** Undoes `\xhh` and what else C writes with a backslash. */
export function unescapeC(field: string): string {
  const plain: Record<string, string> = { t: '\t', n: '\n', r: '\r', b: '\b', v: '\v', f: '\f' };
  return field.replace(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (_, hex: string | undefined, letter: string | undefined) => (hex === undefined ? plain[letter ?? ''] ?? letter ?? '' : String.fromCharCode(parseInt(hex, 16))));
}
