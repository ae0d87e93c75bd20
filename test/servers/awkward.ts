import fc from 'fast-check';
import { TARGETS } from '../support/targets.js';

/** What attackers have sent to pass a guard, below the open route. */
const CLIMBS: readonly string[] = [
  '/../admin/secret', '/..%2fadmin/secret', '/%2e%2e/admin/secret', '/.%2e/admin/secret', '/%2e%2e%2fadmin%2fsecret', '/..%5cadmin/secret', '/..\\admin\\secret', '/..;/admin/secret', '/..;a=b/admin/secret', '/%252e%252e/admin/secret',
  '/%252e%252e%252fadmin/secret', '/..%252fadmin/secret', '/..%c0%afadmin/secret', '/%c0%ae%c0%ae/admin/secret', '/.%00./admin/secret', '/..%00/admin/secret', '/..%20/admin/secret', '/.. /admin/secret', '/..%09/admin/secret', '/..%0d%0a/admin/secret',
  '/x/../../admin/secret', '/x/%2e%2e/%2e%2e/admin/secret', '//../admin/secret', '/./../admin/secret', '/.//..//admin/secret', '/%2f../admin/secret', '/%2f../../admin/secret', '/a%2f..%2f..%2fadmin/secret', '/x%2f../../admin/secret', '/..?/admin/secret', '/..#/admin/secret', '/..%3f/admin/secret', '/..%23/admin/secret',
  '/...//admin/secret', '/..../admin/secret', '/..%u002fadmin/secret', '/%u002e%u002e/admin/secret', '/..%ef%bc%8fadmin/secret', '/%ef%bc%8e%ef%bc%8e/admin/secret', '/..\xef\xbc\x8fadmin/secret', '/..%e2%81%84admin/secret', '/..:/admin/secret', '/..@/admin/secret', '/..%2e/admin/secret', '/..%2f%2fadmin/secret',
];

/** What they have sent to it directly. */
const DIRECT: readonly string[] = [
  '/admin/secret', '/admin//secret', '//admin/secret', '/./admin/secret', '/%61dmin/secret', '/admin%2fsecret', '/%2fadmin/secret', '/admin/%73ecret', '/admin;/secret', '/admin;x/secret', '/admin/;/secret', '/admin%00/secret', '/admin%20/secret', '/admin./secret', '/Admin/secret', '/ADMIN/secret', '/%41dmin/secret',
  '/admin', '/admin?/secret', '/admin%3f/secret', '/admin%23/secret', '/admin%5csecret', '/\\admin/secret', '/;/admin/secret', '/.;/admin/secret', '/%2e/admin/secret', '/%252e/admin/secret', '/%25%36%31dmin/secret', 'http://h/admin/secret', 'http://h/public/../admin/secret', 'http://h//admin/secret', 'http://h/public?/../admin/secret', 'http://h', 'http://h?/admin/secret', '/http://h/admin/secret',
  '/admin/secret/', '/admin/secret/x', '/admin/.', '/admin/..;/admin/secret', '/public', '/public/', '/public/a', '/public/%2e', '/public/a/..', '/public/admin/..%2f',
];

/** Pieces that lead to a guarded path more often than single letters do. */
const PIECES = fc.constantFrom('public', 'admin', 'secret', '/', '/', '//', '.', '..', '/../', '%2e', '%2E', '%2f', '%2F', '%5c', '%25', '%252e', '%3b', '%3f', '%00', '%c0%ae', ';', '?', '#', '@', ':', '\\', 'a', '%61dmin', 'public/..', '..;/', 'http://h/');
const LETTERS = fc.constantFrom(...'/.%2eEfF5cC0\\;?#@:abcdefghijklmnopqrstuvwxyz', '/', '/', '.', '.', '%', '%');

/** Every target that is written down, and so many made up: half of pieces, half of letters. */
export function awkwardTargets(random: number): readonly string[] {
  const known = TARGETS.map(([target]) => target);
  const renamed = known.map((target) => target.replace(/\ba\b/g, 'public').replace(/\bb\b/g, 'admin/secret'));
  const fromPieces = fc.sample(fc.array(PIECES, { maxLength: 9 }).map((parts) => parts.join('')), { numRuns: Math.ceil(random / 2), seed: 1 });
  const fromLetters = fc.sample(fc.array(LETTERS, { maxLength: 14 }).map((parts) => parts.join('')), { numRuns: Math.floor(random / 2), seed: 2 });
  const below = (text: string, i: number): string => `${['/public/', '/', '/public/a/../', '/public'][i % 4]}${text}`;
  const all = [...known, ...known.map((target) => `/public${target}`), ...renamed, ...CLIMBS.map((target) => `/public${target}`), ...DIRECT, ...fromPieces.map(below), ...fromLetters.map(below)];
  // a space, CR or LF ends the target in every server's eyes
  return all.filter((target) => target !== '' && !/[ \r\n]/.test(target));
}
