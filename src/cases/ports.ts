import type { Config } from '../schema/file.js';

/** The port that a request is told to have come to: the one that it names, where that is served; else the first that is. */
export type PortOf = (secure: boolean, named: number | undefined) => number;

/** What clients take where nobody serves: those of every example. */
const USUAL = { plain: 9080, secure: 9443 };

/** The ports at which a configuration serves. */
export function portsOf({ listen }: Pick<Config['gateway'], 'listen'>): PortOf {
  const places = [listen].flat().map((place) => (typeof place === 'string' ? { address: place, tls: false } : place));
  const ports = (secure: boolean): number[] => places.flatMap(({ address, tls }) => (tls === secure ? [Number(address.slice(address.lastIndexOf(':') + 1))] : []));
  // port 0 is a free one, which nobody knows yet
  const [plain, secure] = [false, true].map((tls) => ports(tls).filter((port) => port > 0));
  return (isSecure, named) => {
    const served = (isSecure ? secure : plain) ?? [];
    return named !== undefined && served.includes(named) ? named : (served[0] ?? (isSecure ? USUAL.secure : USUAL.plain));
  };
}
