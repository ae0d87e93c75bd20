import { isAuthPlugin, type AuthPlugin, type Binding, type Handlers, type Plugin } from '../plugins/plugin.js';
import { answerable } from './answers.js';
import { hush } from './hush.js';
import { told } from './told.js';

/**
 * A plugin of a module, of which nothing is believed at load: what it throws refuses the configuration, and so do handlers
 * that nothing would run. What it retains is its own as long as its module stays as it is.
 */
export function guarded(plugin: Plugin, print: string): Plugin {
  const safe: Plugin = {
    ...plugin,
    compile(options, binding) {
      const quiet = hush(options, plugin.schema);
      const own: Binding = {
        ...binding,
        retain: (key, create) => binding.retain(`${print} ${key}`, create),
        reject: (path, message) => binding.reject(path, quiet(message)),
        warn: (path, message) => binding.warn(path, quiet(message)),
        tell: (message) => binding.tell(quiet(message)),
      };
      try {
        return answerable(checked(plugin.compile(options, own), own), plugin.name);
      } catch (error) {
        binding.reject([], `${plugin.name} fails to compile: ${told(error, quiet)}`);
        return {};
      }
    },
  };
  return isAuthPlugin(plugin) ? { ...safe, ...guardedCredentials(plugin) } : safe;
}

const PHASES: Readonly<Record<keyof Handlers, true>> = { rewrite: true, access: true, headerFilter: true, log: true };

function checked(handlers: unknown, binding: Binding): Handlers {
  if (typeof handlers !== 'object' || handlers === null || handlers instanceof Promise) {
    binding.reject([], '`compile` must return handlers, at once');
    return {};
  }
  const faults = Object.entries(handlers).flatMap(([phase, handler]) => faultOf(phase, handler));
  for (const fault of faults) binding.reject([], fault);
  return faults.length > 0 ? {} : handlers;
}

function faultOf(phase: string, handler: unknown): string[] {
  if (!Object.hasOwn(PHASES, phase)) return [`there is no phase \`${phase}\`: ${Object.keys(PHASES).join(', ')}`];
  return handler === undefined || typeof handler === 'function' ? [] : [`\`${phase}\` must be a function`];
}

/** Keys cannot refuse anything, so that they are asked for where something can. */
function guardedCredentials(plugin: AuthPlugin): Pick<AuthPlugin, 'credentialKeys' | 'prepare'> & object {
  const keysOf: AuthPlugin['credentialKeys'] = (credential) => {
    const keys = plugin.credentialKeys(credential);
    if (!Array.isArray(keys) || !keys.every(isKey)) throw new TypeError('`credentialKeys` must return a list of `{ path, key }`');
    return keys;
  };
  return {
    credentialKeys(credential) {
      try {
        return keysOf(credential);
      } catch {
        return [];
      }
    },
    prepare(credential, reject, warn) {
      try {
        keysOf(credential);
        const quiet = hush(credential, plugin.credentialSchema);
        return plugin.prepare?.(credential, (path, message) => reject(path, quiet(message)), (path, message) => warn(path, quiet(message)));
      } catch (error) {
        // not what was thrown, which may quote the credential
        reject([], `${plugin.name} fails on a credential (${error instanceof Error ? error.name : 'it threw no Error'})`);
        return undefined;
      }
    },
  };
}

const isKey = (value: unknown): boolean => typeof value === 'object' && value !== null && 'path' in value && Array.isArray(value.path) && 'key' in value && typeof value.key === 'string';
