import type { TlsOptions } from 'node:tls';
import type { Regex } from '../regex/regex.js';

/** What a client must show before its requests for a site are served. */
export interface Demand {
  /** Tells demands apart: a certificate that met one of them need not meet another. */
  readonly digest: string;
  /** Certificates that may stand between the client's and an authority that is believed. */
  readonly depth: number;
  /** Paths that are served without a certificate. */
  readonly free: readonly Regex[];
}

/** What handshakes for some names are made with. It outlives reloads that keep it, and so do the sessions that it gave out. */
export interface Material {
  /** The options of a TLS server: certificates, keys, authorities, versions. */
  readonly options: TlsOptions;
  readonly demand: Demand | undefined;
}

/** A certificate and the names that it is for. */
export interface Site {
  readonly id: string;
  /** Exact names, and `*.example.com`, in lower case. */
  readonly names: readonly string[];
  readonly material: Material;
}

/** The sites of one generation, by name. */
export class Sites {
  readonly #exact = new Map<string, Site>();
  /** By what follows the star, which begins with a dot. */
  readonly #suffixes = new Map<string, Site>();
  /** Whether some site demands a certificate of its clients. */
  readonly guarded: boolean;

  constructor(
    sites: readonly Site[],
    private readonly fallback: string | undefined,
    /** What tells the content of certificates apart, by id; also of those that are shown to upstreams. */
    readonly digests: ReadonlyMap<string, string> = new Map(),
  ) {
    for (const site of sites) for (const name of site.names) this.#put(name, site);
    this.guarded = sites.some(({ material }) => material.demand !== undefined);
  }

  /** The name that a handshake counts as: the one that it asks for, or that of those which ask for none. */
  nameOf(asked: string | undefined): string | undefined {
    return asked === undefined ? this.fallback : canonicalName(asked);
  }

  /** The site of a name in lower case: an exact one, or the longest wildcard, which stands for any depth. */
  find(name: string): Site | undefined {
    const exact = this.#exact.get(name);
    if (exact || this.#suffixes.size === 0) return exact;
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      const site = dot > 0 ? this.#suffixes.get(name.slice(dot)) : undefined;
      if (site) return site;
    }
    return undefined;
  }

  #put(name: string, site: Site): void {
    if (name.startsWith('*')) this.#suffixes.set(name.slice(1), site);
    else this.#exact.set(name, site);
  }
}

/** A server name as names are compared: in lower case, without the root's dot. */
export function canonicalName(name: string): string {
  const lower = name.toLowerCase();
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}
