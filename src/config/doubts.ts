import { isIPv6 } from 'node:net';
import type { Code } from '../diagnostics/codes.js';
import type { Path } from '../diagnostics/diagnostic.js';
import type { Config } from '../schema/file.js';
import type { UpstreamConfig } from '../schema/upstream.js';
import { each, type Steps } from '../steps.js';
import type { Report } from './report.js';

/** Warns of what is valid and was surely not meant. */
export function* tellDoubts({ gateway, routes, services, upstreams }: Config, report: Report): Steps<void> {
  const doubts = uriDoubts(gateway);
  yield* each(routes, (route, i) => {
    const path: Path = ['routes', i];
    if (route.uri !== undefined) doubtUri(route.uri, [...path, 'uri'], doubts, report);
    route.uris?.forEach((uri, j) => doubtUri(uri, [...path, 'uris', j], doubts, report));
    if (route.host !== undefined) doubtHost(route.host, [...path, 'host'], report);
    route.hosts?.forEach((host, j) => doubtHost(host, [...path, 'hosts', j], report));
    doubtInline(route, path, report);
  });
  services.forEach((service, i) => {
    const path: Path = ['services', i];
    service.hosts?.forEach((host, j) => doubtHost(host, [...path, 'hosts', j], report));
    doubtInline(service, path, report);
  });
  upstreams.forEach((upstream, i) => doubtUpstream(upstream, ['upstreams', i], report));
}

/** Of an upstream that is written into a route or a service. */
function doubtInline({ upstream, upstream_id: id }: { readonly upstream?: UpstreamConfig; readonly upstream_id?: string | number }, path: Path, report: Report): void {
  const at = [...path, 'upstream'];
  if (upstream && id !== undefined) report.warning('conflicting-fields', at, '`upstream` has no effect beside `upstream_id`', { spot: 'key', hint: 'keep one of them', related: [report.place([...path, 'upstream_id'], 'this one counts', 'key')] });
  else if (upstream) doubtUpstream(upstream, at, report);
}

interface Doubt {
  readonly sign: RegExp;
  readonly code: Code;
  readonly message: string;
  /** What was probably meant, given what is written. */
  meant(uri: string): string;
}

const URI_DOUBTS: readonly Doubt[] = [
  { sign: /\?/, code: 'never-matches', message: 'holds a `?`: routes match the path, and the query is no part of it', meant: (uri) => uri.slice(0, uri.indexOf('?')) },
  { sign: /#/, code: 'never-matches', message: 'holds a `#`: no client sends what follows it', meant: (uri) => uri.slice(0, uri.indexOf('#')) },
  { sign: /\/\/|\/\.{1,2}(\/|$)/, code: 'never-matches', message: 'holds what no matched path has: duplicate slashes are merged, and dot segments resolved', meant: canonical },
  { sign: /[\r\n]/, code: 'never-matches', message: 'holds a line break', meant: (uri) => uri.trim() },
  { sign: /\.\*$/, code: 'literal-pattern', message: 'looks like a regular expression, and the `.` stands for itself', meant: (uri) => uri.replace(/\.\*$/, '*') },
  { sign: /\([^()]*[.*+?|\\][^()]*\)|\[[^\]]*\][+*]|\.\+|\$$/, code: 'literal-pattern', message: 'looks like a regular expression, and its signs stand for themselves', meant: (uri) => uri.replace(/\([^()]*\)|\[[^\]]*\][+*]?|\.\+/g, '*').replace(/\$$/, '') },
];

const ENCODED: Doubt = { sign: /%[0-9a-f]{2}/i, code: 'never-matches', message: 'is percent-encoded: paths are matched decoded', meant: decoded };
const ENCODED_BUT_SLASH: Doubt = { ...ENCODED, sign: /%(?!2f)[0-9a-f]{2}/i, message: 'is percent-encoded: but for slashes, paths are matched decoded' };

const PARAMETERS: Doubt = {
  sign: /\/:[A-Za-z_]\w*|\{[^{}/]*\}|\/<[^<>/]*>/, code: 'literal-pattern', message: 'looks like it has parameters, and they stand for themselves',
  meant: (uri) => uri.replace(/(?<=\/):[A-Za-z_]\w*|\{[^{}/]*\}|(?<=\/)<[^<>/]*>/g, '*'),
};
const OTHER_PARAMETERS: Doubt = {
  sign: /\/\{[^{}/]*\}|\/<[^<>/]*>/, code: 'literal-pattern', message: 'looks like it has parameters, which are written `:name` here',
  meant: (uri) => uri.replace(/(?<=\/)(?:\{([^{}/]*)\}|<([^<>/]*)>)/g, (_, curly?: string, angle?: string) => `:${(curly ?? angle ?? '').replace(/[^\w-]/g, '') || 'name'}`),
};

/** What a path may look like that its router does not take it for. */
function uriDoubts({ router, match_uri_encoded_slash: keepsSlash }: Config['gateway']): readonly Doubt[] {
  return [...URI_DOUBTS, keepsSlash ? ENCODED_BUT_SLASH : ENCODED, router === 'radixtree_uri_with_parameter' ? OTHER_PARAMETERS : PARAMETERS];
}

function doubtUri(uri: string, path: Path, doubts: readonly Doubt[], report: Report): void {
  const doubt = doubts.find(({ sign }) => sign.test(uri));
  if (!doubt) return;
  // what a variable holds is never told
  const meant = report.placeholders(path) ? '' : doubt.meant(uri);
  const hint = doubt === OTHER_PARAMETERS ? 'write' : doubt.code === 'literal-pattern' ? '`*` takes anything' : 'write the path alone';
  report.warning(doubt.code, path, `${report.nameOf(path)} ${doubt.message}`, { hint: meant.startsWith('/') ? `${hint}${doubt === OTHER_PARAMETERS ? '' : ':'} \`${meant}\`` : hint });
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return '';
  }
}

function canonical(uri: string): string {
  const { pathname } = new URL(uri.replace(/\/{2,}/g, '/'), 'http://a');
  // what a URL encodes would have to be written decoded
  return pathname.includes('%') ? '' : pathname;
}

/** A host is compared in lower case, without its port and without the root's dot; an IPv6 address stands in brackets. */
function doubtHost(host: string, path: Path, report: Report): void {
  const bare = isIPv6(host);
  const meant = bare ? `[${host}]` : host.replace(/:\d*$/, '').replace(/\.$/, '');
  if (meant === '' || meant === host || (!bare && /:/.test(meant.replace(/^\[.*\]$/, '')))) return;
  const words = bare ? 'is an IPv6 address without its brackets' : meant.length < host.length && host.includes(':') ? 'has a port: hosts are matched without' : 'ends in a dot: hosts are matched without';
  report.warning('never-matches', path, `${report.nameOf(path)} ${words}`, { hint: report.placeholders(path) ? undefined : `write \`${meant}\`` });
}

function doubtUpstream(upstream: UpstreamConfig, path: Path, report: Report): void {
  doubtNodes(upstream.nodes, [...path, 'nodes'], report);
  if (upstream.upstream_host !== undefined && upstream.pass_host !== 'rewrite') report.warning('no-effect', [...path, 'upstream_host'], '`upstream_host` has no effect without `pass_host: rewrite`', { spot: 'key', hint: 'add `pass_host: rewrite`, or remove the line' });
  if (upstream.key !== undefined && upstream.type !== 'chash') report.warning('no-effect', [...path, 'key'], '`key` has no effect without `type: chash`', { spot: 'key', hint: 'add `type: chash`, or remove the line' });
}

function doubtNodes(nodes: UpstreamConfig['nodes'], path: Path, report: Report): void {
  if (nodes === undefined) return;
  const weights: readonly number[] = Array.isArray(nodes) ? nodes.map(({ weight }: { weight: number }) => weight) : Object.values(nodes as Readonly<Record<string, number>>);
  if (weights.length === 0) report.warning('no-node', path, `${report.nameOf(path)} is empty: requests get 503`, { spot: 'key', hint: 'for example: {"127.0.0.1:9081": 1}' });
  if (!Array.isArray(nodes)) doubtWeight(nodes as Readonly<Record<string, number>>, path, report);
  // a single node is used whatever its weight
  if (weights.length > 1 && weights.every((weight) => weight === 0)) report.warning('no-node', path, `every weight in ${report.nameOf(path)} is 0: requests get 503`, { spot: 'key', hint: 'a node that takes requests has a weight of 1 or more' });
}

/** A port where the weight belongs, `127.0.0.1: 9081`: a single node needs no weight. */
function doubtWeight(nodes: Readonly<Record<string, number>>, path: Path, report: Report): void {
  const [[node, weight] = ['', 0], ...others] = Object.entries(nodes);
  // what a variable holds is never told
  if (others.length > 0 || weight < 1000 || weight > 65535 || /:\d+$/.test(node) || report.placeholders([...path, node])) return;
  report.warning('no-effect', [...path, node], `a weight of ${weight} has no effect on a single node, and looks like its port`, { hint: `write \`${node}:${weight}: 1\`` });
}
