import type { Code } from '../diagnostics/codes.js';
import type { Diagnostic, Path, Range, Related, Severity } from '../diagnostics/diagnostic.js';
import { Candidates } from '../diagnostics/suggest.js';
import type { Document, Spot } from './document.js';
import type { Placeholders } from './placeholders.js';

/** What a diagnostic may say besides its message. */
export interface Remarks {
  readonly hint?: string | undefined;
  readonly related?: readonly Related[];
  /** Points at the entry's key instead of its value. */
  readonly spot?: Spot;
  readonly severity?: Severity;
}

/** More diagnostics than this nobody reads, and to draw them takes time. */
export const MOST_DIAGNOSTICS = 500;

/** Looks for names that were meant: both they and what is known may be ten thousands. */
class NearNames {
  readonly #ready = new WeakMap<ReadonlyMap<string, unknown>, Candidates>();
  #asked = 0;

  nearest(id: string, known: ReadonlyMap<string, unknown>): string | undefined {
    if (this.#asked++ >= MOST_DIAGNOSTICS) return undefined;
    const ready = this.#ready.get(known) ?? new Candidates(known.keys());
    this.#ready.set(known, ready);
    return ready.nearest(id);
  }
}

/** Collects what a stage has to say about one document. */
export class Report {
  readonly diagnostics: Diagnostic[] = [];
  private hasErrors = false;

  constructor(private readonly document: Document, private readonly names = new NearNames()) {}

  /** Whether nothing more is taken. */
  get isFull(): boolean {
    return this.hasErrors && this.diagnostics.length >= MOST_DIAGNOSTICS;
  }

  /** Tells of a value; an error unless the remarks say otherwise. */
  error(code: Code, path: Path, message: string, remarks: Remarks = {}): void {
    this.at(code, this.document.locate(path, remarks.spot), message, { ...remarks, path });
  }

  warning(code: Code, path: Path, message: string, remarks: Remarks = {}): void {
    this.error(code, path, message, { ...remarks, severity: 'warning' });
  }

  /** Tells of a stretch of the text. */
  at(code: Code, range: Range, message: string, remarks: Remarks & { readonly path?: Path } = {}): void {
    const { hint, related, severity = 'error', path = [] } = remarks;
    // an error is never dropped for warnings: it refuses the file
    if (this.isFull || (severity === 'warning' && this.diagnostics.length >= MOST_DIAGNOSTICS)) return;
    if (severity === 'error') this.hasErrors = true;
    this.diagnostics.push({
      code, severity, message, path: this.document.shown(path), range, frame: this.document.frame(range), ...(hint && { hint }), ...(related && { related }),
    });
  }

  /** Another report on the same document, whose diagnostics are its own. */
  apart(): Report {
    return new Report(this.document, this.names);
  }

  /** What a reference to nothing probably meant, among the ids there are; as often as that may be told. */
  near(id: string, known: ReadonlyMap<string, unknown>): string | undefined {
    return this.document.isHere ? this.names.nearest(id, known) : undefined;
  }

  /** Takes over what another one collected, as warnings. */
  takeAsWarnings({ diagnostics }: Report): void {
    const room = Math.max(0, MOST_DIAGNOSTICS - this.diagnostics.length);
    for (const diagnostic of diagnostics.slice(0, room)) this.diagnostics.push({ ...diagnostic, severity: 'warning' });
  }

  /** The name of a place, for messages: `routes[0].plugins`. */
  nameOf(path: Path): string {
    return nameOf(this.document.shown(path));
  }

  /** Whether a key of a mapping may be a secret that stands in the wrong place, and must not be quoted. */
  isSecretName(name: string): boolean {
    return this.document.isSecretName(name);
  }

  /** The environment variables that make a value, if any do. */
  placeholders(path: Path): Placeholders | undefined {
    return this.document.placeholders(path);
  }

  /** Whether a comment stands where a value may have been meant: `key: #1`. */
  isComment(path: Path): boolean {
    return this.document.isComment(path);
  }

  /** The character that a value begins with: of a mapping in brackets `{`, of a block text `|`. */
  firstOf(path: Path): string {
    return this.document.firstOf(path);
  }

  /** A second place, for `related`. */
  place(path: Path, message: string, spot?: Spot): Related {
    return { message, range: this.document.locate(path, spot) };
  }
}

function nameOf(path: Path): string {
  if (path.length === 0) return 'the file';
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('').replace(/^\./, '');
  return `\`${text}\``;
}
