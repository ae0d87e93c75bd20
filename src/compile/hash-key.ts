import type { Report } from '../config/report.js';
import type { Path } from '../diagnostics/diagnostic.js';
import type { Exchange } from '../plugins/plugin.js';
import type { UpstreamConfig } from '../schema/upstream.js';
import type { HashKey } from '../upstream/balancers/chash.js';

type Value = (x: Exchange) => string | undefined;

/** What of a request `chash` hashes; where a request does not have it, its client's address. */
export function hashKeyOf(config: UpstreamConfig, path: Path, report: Report): HashKey {
  const value = config.type === 'chash' ? valueOf(config, [...path, 'key'], report) : undefined;
  return (x) => value?.(x) ?? x.address;
}

/** Variables that `hash_on: vars` takes, as in APISIX. */
const VARIABLE = /^(uri|server_name|server_addr|request_uri|remote_port|remote_addr|query_string|host|hostname|mqtt_client_id|arg_[0-9a-zA-Z_-]+)$/;
const NAME = /^[a-zA-Z0-9_-]+$/;

function valueOf({ hash_on: on, key }: UpstreamConfig, path: Path, report: Report): Value | undefined {
  if (on === 'consumer') return (x) => x.consumer?.username;
  if (key === undefined) {
    report.error('missing-field', path.slice(0, -1), `\`type: chash\` with \`hash_on: ${on}\` needs \`key\``, { spot: 'key', hint: HINTS[on] });
    return undefined;
  }
  if (on === 'vars_combinations') return combination(key);
  if (!(on === 'vars' ? VARIABLE : NAME).test(key)) {
    report.error('wrong-value', path, `this is no ${on === 'vars' ? 'variable that can be hashed' : `name of a ${on}`}`, { hint: HINTS[on] });
    return undefined;
  }
  return variable(on === 'vars' ? key : `${on === 'header' ? 'http' : on}_${key}`);
}

const HINTS: Readonly<Record<UpstreamConfig['hash_on'], string>> = {
  vars: 'such as `key: remote_addr`, `key: uri` or `key: arg_session`',
  header: 'the name of a header, such as `key: X-Session`',
  cookie: 'the name of a cookie, such as `key: session`',
  vars_combinations: 'such as `key: "$host$remote_addr"`',
  consumer: '',
};

/** A text with variables; undefined for a request that has none of them. */
function combination(text: string): Value {
  const pieces = text.split(/(\$\{\w+\}|\$\w+)/).map((piece, i) => (i % 2 === 1 ? variable(piece.replace(/\W/g, '')) : () => piece));
  return (x) => {
    const values = pieces.map((piece) => piece(x));
    return values.some((value, i) => i % 2 === 1 && value !== undefined) ? values.map((value) => value ?? '').join('') : undefined;
  };
}

/** A variable of a request. */
function variable(name: string): Value {
  const { 1: kind, 2: rest = '' } = /^(http|cookie|arg)_(.+)$/.exec(name) ?? [];
  if (kind === 'http') return (x) => firstOf(x.headerValues(rest.toLowerCase().replaceAll('_', '-')));
  if (kind === 'cookie') return (x) => cookie(x, rest);
  if (kind === 'arg') return (x) => firstOf(x.argumentValues(rest).map(String));
  const known = KNOWN[name];
  return known ?? (() => undefined);
}

const KNOWN: Readonly<Record<string, Value>> = {
  uri: (x) => x.path,
  remote_addr: (x) => x.address,
  host: (x) => firstOf(x.headerValues('host'))?.toLowerCase().replace(/:\d*$/, ''),
  consumer_name: (x) => x.consumer?.username,
};

const firstOf = (values: readonly string[]): string | undefined => values[0];

function cookie(x: Exchange, name: string): string | undefined {
  const pairs = x.headerValues('cookie').flatMap((line) => line.split(/;\s*/));
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
