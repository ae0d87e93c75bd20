import { plugin, type Reply } from './plugin.js';

const list = {
  type: 'array', minItems: 1,
  items: { description: 'A host, exact or with a leading wildcard: `*.example.com`.', type: 'string', minLength: 1, pattern: '^\\*?[0-9a-zA-Z-._\\[\\]:]+$' },
} as const;

/** Lets requests through, or not, by the host of their Referer, as Apache APISIX's plugin of this name does. */
export const refererRestriction = plugin({
  name: 'referer-restriction',
  priority: 2990,
  schema: {
    description: 'Lets requests through by the host that their Referer names. Browsers tell the truth there; other clients need not.',
    type: 'object',
    properties: {
      bypass_missing: { description: 'true lets requests without a Referer, or with a malformed one, through.', type: 'boolean', default: false },
      whitelist: { description: 'Only requests that come from these hosts are let through.', ...list, examples: [['example.com', '*.example.com']] },
      blacklist: { description: 'Requests that come from these hosts are not let through.', ...list, examples: [['*.example.net']] },
      message: { description: 'What a refused client is told.', type: 'string', minLength: 1, maxLength: 1024, default: 'Your referer host is not allowed' },
    },
    oneOf: [{ required: ['whitelist'] }, { required: ['blacklist'] }],
    additionalProperties: false,
  },

  compile({ bypass_missing: bypass, whitelist, blacklist, message }) {
    const allowed = whitelist && hostTest(whitelist);
    const denied = blacklist && hostTest(blacklist);
    const refusal: Reply = { status: 403, body: { message } };
    return {
      access(x) {
        const referers = x.headerValues('referer');
        if (referers.length === 0) return bypass ? undefined : refusal;
        for (const referer of referers) {
          const host = hostOf(referer);
          if (host === undefined ? !bypass : (allowed && !allowed(host)) || denied?.(host) === true) return refusal;
        }
        return undefined;
      },
    };
  },
});

/** The host of a Referer in lower case, without the dot that a name may end with. One with user information is malformed (RFC 9110, section 10.1.3): its host would be read in two ways. */
function hostOf(referer: string): string | undefined {
  return /^(?:https?:)?\/\/(\[[0-9a-f:.]+\]|[^/?#@:[\]\\\s]+)(?::\d*)?(?:[/?#]|$)/i.exec(referer)?.[1]?.toLowerCase().replace(/\.$/, '');
}

function hostTest(hosts: readonly string[]): (host: string) => boolean {
  const lower = hosts.map((host) => host.toLowerCase());
  const exact = new Set(lower.filter((host) => !host.startsWith('*')));
  const suffixes = lower.filter((host) => host.startsWith('*')).map((host) => host.slice(1));
  return (host) => exact.has(host) || suffixes.some((suffix) => host.endsWith(suffix));
}
