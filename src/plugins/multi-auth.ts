import { plugin, type Binding, type Exchange, type Handlers, type Reply, type Step } from './plugin.js';

/** Tries several auth plugins until one recognises the consumer, as Apache APISIX's plugin of this name does. */
export const multiAuth = plugin({
  name: 'multi-auth',
  priority: 2600,
  authenticates: true,
  schema: {
    description: 'Requires any one of several kinds of credentials.',
    type: 'object',
    properties: {
      auth_plugins: {
        description: 'Auth plugins with their options, in the order in which they are tried.',
        examples: [[{ 'key-auth': {} }, { 'basic-auth': {} }]],
        type: 'array',
        items: { type: 'object', minProperties: 1, additionalProperties: { type: 'object' } },
        minItems: 2,
      },
    },
    required: ['auth_plugins'],
    additionalProperties: false,
  },

  loosens: ({ auth_plugins: before }, { auth_plugins: after }) => after.flatMap(Object.keys).some((name) => !before.some((entry) => name in entry)),

  compile({ auth_plugins: plugins }, binding) {
    const attempts = plugins.flatMap((entry, i) => Object.entries(entry).flatMap(([name, options]) => attemptOf(binding, name, options, i) ?? []));
    return { rewrite: (x) => attemptFrom(attempts, 0, undefined, x) };
  },
});

type Attempt = (x: Exchange) => Step;

/** Undefined for a plugin that is switched off or refused. */
function attemptOf(binding: Pick<Binding, 'nested'>, name: string, options: unknown, i: number): Attempt | undefined {
  const handlers: Handlers | undefined = binding.nested(name, options, ['auth_plugins', i, name], 'auth');
  return handlers?.rewrite;
}

/** Synchronous for as long as the attempts are. */
function attemptFrom(attempts: readonly Attempt[], from: number, failed: Reply | undefined, x: Exchange): Step {
  let last = failed;
  for (let i = from; i < attempts.length; i++) {
    const step = attempts[i]?.(x);
    if (step instanceof Promise) return step.then((reply) => (reply ? attemptFrom(attempts, i + 1, reply, x) : pass(x, last)));
    if (!step) return pass(x, last);
    last = step;
  }
  return { status: 401, body: { message: 'Authorization Failed' }, headers: challengeOf(last) };
}

/** As in APISIX the challenge of a failed attempt stays, whatever the answer will be. */
function pass(x: Exchange, failed: Reply | undefined): undefined {
  const [name, value] = challengeOf(failed);
  if (name !== undefined && value !== undefined) x.addResponseHeader(name, value);
}

function challengeOf(reply: Reply | undefined): readonly string[] {
  const headers = reply?.headers ?? [];
  const at = headers.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === 'www-authenticate');
  return at < 0 ? [] : headers.slice(at, at + 2);
}
