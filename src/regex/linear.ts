import { ANY, overlap, type CharSet } from './char-set.js';
import type { RegexNode } from './node.js';

/** Steps that may be spent on one character of the text. */
const MAX_STEPS = 1000;

/**
 * Whether a backtracking engine surely needs time in proportion to the length of the text. Cautious: it says yes to what
 * is plainly so, and no to much that may be. Yes are expressions without repetition of unknown length, and ones that
 * start with `^` where each such repetition is of one set of characters, and
 * - what may come next is not of that set: there is one way only to go on (`^/users/([^/]+)/orders`), or
 * - nothing that follows can fail (`^/api/(.*)`), or
 * - it is the only one of its kind, and what follows is of bounded length (`^/(.*)\.php$`).
 */
export function isLinear(root: RegexNode): boolean {
  const items = flatten(root);
  const [only] = items;
  if (only?.type === 'choice' && items.length === 1) return only.options.length <= 20 && only.options.every(isLinear);
  if (steps(root) > MAX_STEPS) return false;
  if (items.every(isBounded)) return true;
  if (items[0]?.type !== 'start') return false;
  let isOpen = false;
  for (let i = 1; i < items.length; i++) {
    const item = items[i];
    if (!item || isBounded(item)) continue;
    // looked at once, at the beginning
    if (item.type === 'look' && i === 1 && isLinear({ type: 'sequence', items: [{ type: 'start' }, item.body] })) continue;
    if (item.type !== 'repeat' || item.body.type !== 'set') return false;
    const rest = items.slice(i + 1);
    if (!canFail(rest) || !overlap(item.body.set, firstOf(rest))) continue;
    if (isOpen || !rest.every((next, j) => isBounded(next) || !canFail(rest.slice(j)))) return false;
    isOpen = true;
  }
  return true;
}

/** The parts of a sequence, those of sequences within it included. */
function flatten(node: RegexNode): readonly RegexNode[] {
  return node.type === 'sequence' ? node.items.flatMap(flatten) : [node];
}

/** Whether it takes a bounded number of characters, however long the text. */
function isBounded(node: RegexNode): boolean {
  switch (node.type) {
    case 'sequence': return node.items.every(isBounded);
    case 'choice': return node.options.every(isBounded);
    case 'repeat': return node.most !== Infinity && isBounded(node.body);
    case 'look': return isBounded(node.body);
    case 'backreference': return false;
    default: return true;
  }
}

/** An upper bound for the ways through the bounded parts, each times its length; unbounded repetition counts as one. */
function steps(node: RegexNode): number {
  const { ways, length } = measure(node);
  return ways * Math.max(length, 1);
}

interface Measure {
  readonly ways: number;
  readonly length: number;
}

function measure(node: RegexNode): Measure {
  switch (node.type) {
    case 'sequence': return product(node.items.map(measure));
    case 'choice': return sum(node.options.map(measure), node.options.map((option) => (isNullable(option) ? ANY : first(option))));
    case 'repeat': return repeated(measure(node.body), node.least, node.most);
    case 'look': return measure(node.body);
    case 'set': return { ways: 1, length: 1 };
    default: return { ways: 1, length: 0 };
  }
}

function product(parts: readonly Measure[]): Measure {
  return parts.reduce((all, part) => ({ ways: all.ways * part.ways, length: all.length + part.length }), { ways: 1, length: 0 });
}

/** Of alternatives that begin differently one at most is followed. */
function sum(parts: readonly Measure[], firsts: readonly CharSet[]): Measure {
  const distinct = firsts.every((set, i) => firsts.slice(i + 1).every((other) => !overlap(set, other)));
  const ways = parts.map((part) => part.ways);
  return { ways: distinct ? Math.max(...ways) : ways.reduce((a, b) => a + b, 0), length: Math.max(...parts.map((part) => part.length)) };
}

function repeated({ ways, length }: Measure, least: number, most: number): Measure {
  if (most === Infinity) return { ways, length };
  let all = 0;
  for (let times = least; times <= most && all <= MAX_STEPS; times++) all += ways ** times;
  return { ways: all, length: length * most };
}

/** The characters that a sequence may begin with. */
function firstOf(items: readonly RegexNode[]): CharSet {
  const sets: CharSet[] = [];
  for (const item of items) {
    sets.push(first(item));
    if (!isNullable(item)) break;
  }
  return sets.flat();
}

function first(node: RegexNode): CharSet {
  switch (node.type) {
    case 'set': return node.set;
    case 'sequence': return firstOf(node.items);
    case 'choice': return node.options.flatMap(first);
    case 'repeat': return first(node.body);
    case 'backreference': return ANY;
    default: return [];
  }
}

/** Whether it may match nothing. */
function isNullable(node: RegexNode): boolean {
  switch (node.type) {
    case 'set': return false;
    case 'sequence': return node.items.every(isNullable);
    case 'choice': return node.options.some(isNullable);
    case 'repeat': return node.least === 0 || isNullable(node.body);
    default: return true;
  }
}

/** Whether a sequence may not match at some place. */
function canFail(items: readonly RegexNode[]): boolean {
  return !items.every((item) => item.type === 'repeat' && item.least === 0);
}
