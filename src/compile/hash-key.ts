import type { Report } from '../config/report.js';
import type { Path } from '../diagnostics/diagnostic.js';
import type { Exchange } from '../plugins/plugin.js';
import type { UpstreamConfig } from '../schema/upstream.js';
import type { HashKey } from '../upstream/balancers/chash.js';
import { template } from '../variables/template.js';
import { textOf } from '../variables/text.js';
import { variable } from '../variables/variable.js';

type Value = (x: Exchange) => string | undefined;

/** What of a request `chash` hashes; where a request does not have it, its client's address. */
export function hashKeyOf(config: UpstreamConfig, path: Path, report: Report): HashKey {
  const value = config.type === 'chash' ? valueOf(config, [...path, 'key'], report) : undefined;
  return (x) => value?.(x) ?? x.address;
}

/** Variables that `hash_on: vars` takes, as in APISIX. */
const VARIABLE = /^(uri|server_name|server_addr|request_uri|remote_port|remote_addr|query_string|host|hostname|arg_[0-9a-zA-Z_-]+)$/;
const NAME = /^[a-zA-Z0-9_-]+$/;

function valueOf({ hash_on: on, key }: UpstreamConfig, path: Path, report: Report): Value | undefined {
  if (on === 'consumer') return (x) => x.consumer?.username;
  if (key === undefined) {
    report.error('missing-field', path.slice(0, -1), `\`type: chash\` with \`hash_on: ${on}\` needs \`key\``, { spot: 'key', hint: HINTS[on] });
    return undefined;
  }
  if (on === 'vars_combinations') return combination(key, path, report);
  if (!(on === 'vars' ? VARIABLE : NAME).test(key)) {
    report.error('wrong-value', path, `this is no ${on === 'vars' ? 'variable that can be hashed' : `name of a ${on}`}`, { hint: HINTS[on] });
    return undefined;
  }
  if (on !== 'vars' && key.startsWith(PREFIXES[on])) report.warning('wrong-value', path, `with \`hash_on: ${on}\` this is the name of a ${on}, and not that of a variable`, { hint: `leave \`${PREFIXES[on]}\` out, unless the ${on}'s own name begins so` });
  const found = variable(on === 'vars' ? key : `${PREFIXES[on]}${key}`);
  return (x) => textOf(found?.get(x));
}

/** What variables put before such a name. */
const PREFIXES = { header: 'http_', cookie: 'cookie_' } as const;

const HINTS: Readonly<Record<UpstreamConfig['hash_on'], string>> = {
  vars: 'such as `key: remote_addr`, `key: uri` or `key: arg_session`',
  header: 'the name of a header, such as `key: X-Session`',
  cookie: 'the name of a cookie, such as `key: session`',
  vars_combinations: 'such as `key: "$host$remote_addr"`',
  consumer: '',
};

/** A text with variables; undefined for a request that has none of them. */
function combination(text: string, path: Path, report: Report): Value | undefined {
  const named = [...text.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => ({ name, found: variable(name) }));
  for (const { name, found } of named) {
    if (!found) report.error('unknown-variable', path, report.isSecretName(name) ? 'there is no variable of this name' : `there is no variable \`${name}\``, { hint: HINTS.vars_combinations });
    else if (found.needs) report.error('wrong-value', path, 'a node is picked before the body has come: variables of the body cannot be hashed');
  }
  const { render } = template(text, () => {});
  return (x) => (named.some(({ found }) => textOf(found?.get(x)) !== undefined) ? render(x) : undefined);
}
