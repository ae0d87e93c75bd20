import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { LinkedUpstream } from '../config/linked.js';
import type { Report } from '../config/report.js';
import type { Path } from '../diagnostics/diagnostic.js';
import type { ActiveChecks } from '../schema/checks.js';
import type { Scope } from '../state/store.js';
import { formatAddress } from '../upstream/address.js';
import { Gate } from '../upstream/health/gate.js';
import { NodeHealth } from '../upstream/health/health.js';
import { probeOf } from '../upstream/health/probe.js';
import type { Place } from '../upstream/live.js';
import { identity, nameOf } from '../upstream/server-name.js';
import type { TlsMaterial } from '../upstream/tls.js';
import type { UpstreamConfig } from '../schema/upstream.js';
import { portOf } from '../schema/schemes.js';
import type { UpstreamContext } from './compile-upstream.js';

/** The health of a node, as some table already follows it. */
export type MakeHealth = (place: Place, scope: Scope) => NodeHealth;

/** How the health of an upstream's nodes is followed; undefined without `checks`. */
export function compileHealth({ config, owner, path }: LinkedUpstream, tls: TlsMaterial | undefined, { report, surroundings: { lively, tell } }: UpstreamContext): MakeHealth | undefined {
  const { checks } = config;
  if (!checks) return undefined;
  const { active } = checks;
  const headers = headersOf(active, [...path, 'checks', 'active', 'req_headers'], report);
  if (!lively) return undefined;
  // all that shapes a check: with another one what was found before counts no more
  const rules = JSON.stringify([checks, hostOf(config), tls?.digest]);
  return (place, scope) => {
    const { host, address } = place;
    const node = formatAddress(address, place.port);
    const gate = scope.retain(`gate ${owner} ${rules}`, () => new Gate(active.concurrency));
    const authority = hostOf(config) ?? formatAddress(host, place.port === portOf(config.scheme) ? undefined : place.port);
    const probe = probeOf({
      type: active.type, address, port: active.port ?? place.port, timeout: active.timeout * 1000,
      method: active.http_method, path: active.http_path, headers: ['Host', authority, ...headers], body: active.http_req_body,
      tls: () => ({ rejectUnauthorized: active.https_verify_certificate, ...(tls && { secureContext: tls.context() }), ...identity(nameOf(authority), host) }),
    });
    return scope.retain(`health ${owner} ${host} ${node} ${rules}`, () => new NodeHealth({ upstream: owner, node, checks, probe, gate, tell }));
  };
}

/** The Host of probes, where it is not the node's own. */
function hostOf({ checks, pass_host: passHost, upstream_host: host }: UpstreamConfig): string | undefined {
  return checks?.active.host ?? (passHost === 'rewrite' ? host : undefined);
}

/** `Name: value` each, as a flat list of names and values. */
function headersOf({ req_headers: written = [], http_req_body: body }: ActiveChecks, path: Path, report: Report): string[] {
  const headers = written.flatMap((line, i) => {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    if (colon > 0 && isHeader(name, value)) return [name, value];
    report.error('wrong-value', [...path, i], 'this is no header that a probe may have', { hint: 'such as `User-Agent: gateway`' });
    return [];
  });
  return body === '' ? headers : [...headers, 'Content-Length', String(Buffer.byteLength(body))];
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return !/^(host|content-length|transfer-encoding|connection)$/i.test(name);
  } catch {
    return false;
  }
}
