import type { Credential, Exchange } from '../plugins/plugin.js';

/** What calls of an exchange's methods come to, in words; the others change nothing. */
const CALLS: Readonly<Record<string, (...args: never[]) => string>> = {
  attach: ({ consumer, id }: Credential) => `finds the consumer ${consumer.username}${id === undefined ? '' : `, by the credential ${id}`}`,
  removeHeader: (name: string) => `hides the header ${name} from the upstream`,
  removeArgument: (name: string) => `hides the query argument ${name} from the upstream`,
  removeCookie: (name: string) => `hides the cookie ${name} from the upstream`,
  setHeader: (name: string) => `sets the header ${name} for the upstream`,
  addHeader: (name: string) => `adds the header ${name} for the upstream`,
  addResponseHeader: (name: string) => `adds the header ${name} to the answer`,
  setResponseHeader: (name: string) => `sets the header ${name} of the answer`,
};

/** By these an auth plugin takes what it recognises callers by. */
const QUESTIONS: ReadonlySet<string> = new Set(['headerValues', 'argumentValues', 'cookie', 'cookieValues']);

/** Who is told what a plugin does with an exchange. */
export interface Watcher {
  /** Takes a change, in words. */
  tell(change: string): void;
  /** Takes what was asked for of the request. */
  asked?(value: unknown): void;
}

/** An exchange which tells what a plugin does with it. */
export function watched(x: Exchange, watcher: Watcher): Exchange {
  return new Proxy(x, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const words = CALLS[String(name)];
      return (...args: never[]): unknown => {
        if (words) watcher.tell(words(...args));
        const result: unknown = Reflect.apply(value, target, args);
        if (QUESTIONS.has(String(name))) watcher.asked?.(result);
        return result;
      };
    },
    set(target, name, value) {
      watcher.tell(`changes its ${String(name)}`);
      return Reflect.set(target, name, value, target);
    },
  });
}
