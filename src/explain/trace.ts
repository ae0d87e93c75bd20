import { authenticates, type Exchange, type Handlers, type Plugin, type Reply, type Step } from '../plugins/plugin.js';
import { keepTexts } from '../cases/overhear.js';
import { watched } from '../cases/watched.js';

/** What a plugin did in one phase of a request. */
export interface Act {
  readonly plugin: string;
  /** The resource that it is written on: `service/orders`. */
  readonly owner: string;
  readonly phase: 'rewrite' | 'access';
  /** 0, or more for a plugin that another one runs. */
  readonly depth: number;
  readonly outcome: Outcome;
  /** What it changed, in words. */
  readonly changes: readonly string[];
}

/** How a phase of a plugin ended: it let the request pass, answered it, or failed; or it was not run, since only others can tell. */
export type Outcome = { readonly kind: 'passes' | 'fails' | 'unknown' } | { readonly kind: 'answers'; readonly reply: Reply };

/** Takes down what plugins do to one request at a time, in the order in which they do it. */
export class Trace {
  #acts: Note[] = [];
  #secrets = new Set<string>();
  #depth = 0;

  /** Begins with another request. */
  begin(): void {
    this.#acts = [];
    this.#secrets = new Set();
    this.#depth = 0;
  }

  get acts(): readonly Act[] {
    return this.#acts;
  }

  /** What callers were recognised by, or not: whatever stands where a plugin looks for a credential. */
  get secrets(): readonly string[] {
    return [...this.#secrets];
  }

  /** The same plugins, watched. */
  watch(plugins: readonly Plugin[]): Plugin[] {
    return plugins.map((plugin) => ({
      ...plugin,
      compile: (options, binding) => {
        const handlers = plugin.compile(options, binding);
        return { ...handlers, ...this.#phase('rewrite', handlers, plugin, binding.owner), ...this.#phase('access', handlers, plugin, binding.owner) };
      },
    }));
  }

  #phase(phase: Act['phase'], handlers: Handlers, plugin: Plugin, owner: string): Handlers {
    const run = handlers[phase]?.bind(handlers);
    if (!run) return {};
    return { [phase]: (x: Exchange): Step => this.#run(phase, plugin, owner, plugin.needs === 'network' ? undefined : run, x) };
  }

  #run(phase: Act['phase'], plugin: Plugin, owner: string, run: ((x: Exchange) => Step) | undefined, x: Exchange): Step {
    const changes: string[] = [];
    const note: Note = { plugin: plugin.name, owner, phase, depth: this.#depth, changes, outcome: { kind: run ? 'fails' : 'unknown' } };
    this.#acts.push(note);
    if (!run) return undefined;
    this.#depth++;
    const end = (reply: Reply | undefined): Reply | undefined => {
      this.#depth--;
      note.outcome = reply ? { kind: 'answers', reply } : { kind: 'passes' };
      return reply;
    };
    const step = run(watched(x, { tell: (change) => changes.push(change), ...(authenticates(plugin) && { asked: (value) => keepTexts(value, (text) => this.#secrets.add(text)) }) }));
    return step instanceof Promise ? step.then(end) : end(step);
  }
}

type Note = Omit<Act, 'outcome'> & { outcome: Outcome };
