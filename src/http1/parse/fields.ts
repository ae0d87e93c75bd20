import { decimal, listMembers, tokenEnd, valueEnd } from './grammar.js';

const MAX_FIELDS = 1000;

/** The fields of a head or trailer section: those that travel on, and what the others said. */
export class Fields {
  /** Names and values in turn, without the fields that end at this hop. */
  raw: string[] = [];
  /** Index of Content-Length in `raw`, or -1. */
  lengthAt = -1;
  contentLength = -1;
  transferEncoding: string | undefined;
  close = false;
  keepAlive = false;
  /** Seconds from `Keep-Alive: timeout`, or -1. */
  keepAliveTimeout = -1;
  /** Names that Connection lists, apart from close and keep-alive, in lower case. */
  listed: string[] | undefined;
  /** Connection and Upgrade as sent, for a 101. */
  upgrade: string[] | undefined;
  /** Why the framing fields cannot be believed. */
  failure: string | undefined;
  /** The line being read ends with a tab. */
  tabbed = false;
}

/** Reads the lines of `text` from `at`, each ended by CRLF, into `fields`; returns what is wrong with them. */
export function readFields(text: string, at: number, fields: Fields): string | undefined {
  for (let count = 1; at < text.length; count++) {
    if (count > MAX_FIELDS) return 'too many fields';
    const colon = tokenEnd(text, at);
    if (colon === at || text.charCodeAt(colon) !== 58) return 'invalid field name';
    const cr = valueEnd(text, colon + 1);
    if (text.charCodeAt(cr) !== 13) return 'invalid field value';
    fields.tabbed = text.charCodeAt(cr - 1) === 9;
    sortField(fields, text.slice(at, colon), trimmed(text, colon + 1, cr));
    if (fields.failure !== undefined) return fields.failure;
    at = cr + 2;
  }
  if (fields.listed !== undefined) dropListed(fields, fields.listed);
  return undefined;
}

function trimmed(text: string, start: number, end: number): string {
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(c: number): boolean {
  return c === 32 || c === 9;
}

// By length first: most names have one that no special name has, and cost nothing more.
function sortField(fields: Fields, name: string, value: string): void {
  switch (name.length) {
    case 2: case 7: case 10: case 14: case 17:
      if (takeSpecial(fields, name, name.toLowerCase(), value)) return;
      break;
    default:
      if (isProxyName(name)) return;
  }
  fields.raw.push(name, value);
}

function isProxyName(name: string): boolean {
  return (name.charCodeAt(0) | 32) === 112 && name.slice(0, 6).toLowerCase() === 'proxy-';
}

function takeSpecial(fields: Fields, name: string, lower: string, value: string): boolean {
  switch (lower) {
    case 'te': case 'trailer': return true;
    case 'upgrade': (fields.upgrade ??= []).push(name, value); return true;
    case 'keep-alive': fields.keepAliveTimeout = keepAliveTimeout(value); return true;
    case 'connection': takeConnection(fields, name, value); return true;
    case 'content-length': refuseTab(fields); takeLength(fields, name, value); return true;
    case 'transfer-encoding':
      refuseTab(fields);
      // Two fields are one list (RFC 9110 section 5.3).
      fields.transferEncoding = fields.transferEncoding === undefined ? value : `${fields.transferEncoding}, ${value}`;
      return true;
    default: return isProxyName(name);
  }
}

// White space like any other, but llhttp does not know `chunked` with a tab behind it, and reads
// until the end of the connection.
function refuseTab(fields: Fields): void {
  if (fields.tabbed) fields.failure = 'a tab behind a framing field';
}

function takeConnection(fields: Fields, name: string, value: string): void {
  if (value === 'keep-alive') fields.keepAlive = true;
  else if (value === 'close') fields.close = true;
  else {
    takeConnectionList(fields, value);
    (fields.upgrade ??= []).push(name, value);
  }
}

function takeConnectionList(fields: Fields, value: string): void {
  for (const option of listMembers(value)) {
    if (option === 'close') fields.close = true;
    else if (option === 'keep-alive') fields.keepAlive = true;
    else (fields.listed ??= []).push(option);
  }
}

function takeLength(fields: Fields, name: string, value: string): void {
  const length = decimal(value);
  // nearly always it is one number
  if (length >= 0) noteLength(fields, length);
  else for (const member of value.split(',')) noteLength(fields, decimal(trimmed(member, 0, member.length)));
  if (fields.lengthAt >= 0) return;
  fields.lengthAt = fields.raw.length;
  fields.raw.push(name, String(fields.contentLength));
}

function noteLength(fields: Fields, length: number): void {
  if (length < 0) fields.failure = 'invalid Content-Length';
  else if (fields.contentLength >= 0 && fields.contentLength !== length) fields.failure = 'different Content-Lengths';
  fields.contentLength = length;
}

function keepAliveTimeout(value: string): number {
  // As node:http sends it, with every response.
  if (value.startsWith('timeout=') && !value.includes(',')) return decimal(value.slice(8));
  const parameter = listMembers(value).find((member) => member.startsWith('timeout='));
  return parameter === undefined ? -1 : decimal(parameter.slice(8));
}

// The framing fields stay whatever Connection lists: a body whose length got lost is read as the
// next message by whoever comes after.
const NEVER_LISTED: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'host']);

function dropListed(fields: Fields, listed: string[]): void {
  const kept: string[] = [];
  for (let i = 0; i < fields.raw.length; i += 2) {
    const name = fields.raw[i] ?? '';
    const lower = name.toLowerCase();
    if (listed.includes(lower) && !NEVER_LISTED.has(lower)) continue;
    if (i === fields.lengthAt) fields.lengthAt = kept.length;
    kept.push(name, fields.raw[i + 1] ?? '');
  }
  fields.raw = kept;
}
