import type { Place } from './places.js';

/** The first release of nghttp2, Node's HTTP/2 library, that no frame of a peer can make abort the process (CVE-2026-27135). */
const SOUND = [1, 68, 1] as const;

/** Why HTTP/2 should not be offered to strangers by this version of Node; undefined when it is not offered, or sound. */
export function http2Doubt(places: readonly Place[], version = process.versions['nghttp2'] ?? ''): string | undefined {
  if (!places.some(({ http2 }) => http2) || isSound(version)) return undefined;
  return `HTTP/2 is offered, and this version of Node has nghttp2 ${version}, which a peer can make end the process (CVE-2026-27135): where strangers connect, set \`http2: false\` on the listener, or run a Node with nghttp2 ${SOUND.join('.')}`;
}

function isSound(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const [soundMajor, soundMinor, soundPatch] = SOUND;
  if (major !== soundMajor) return major > soundMajor;
  return minor === soundMinor ? patch >= soundPatch : minor > soundMinor;
}
