import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { suite, test, type TestContext } from 'node:test';
import { PLUGINS } from '../src/plugins/index.js';
import type { Exchange, Handlers, Plugin } from '../src/plugins/plugin.js';
import { startGateway } from './support/gateway.js';

const EACH = 100_000;
const KEY = randomBytes(16).toString('hex');
/** Many: how long a look-up takes depends a little on where in the index chance puts its digest. */
const KEYS = Array.from({ length: 500 }, () => randomBytes(16).toString('hex'));
const CONSUMERS = `consumers: [{username: tom, plugins: {key-auth: {keys: [${KEYS.join(', ')}]}, basic-auth: {username: tom, password: ${KEY}}, hmac-auth: {key_id: tom, secret_key: ${KEY}}}}]`;

type Rewrite = NonNullable<Handlers['rewrite']>;

/** How a plugin answers, called by itself. */
async function rewriteOf(t: TestContext, name: string): Promise<Rewrite> {
  const compiled: Handlers[] = [];
  const caught = PLUGINS.map((plugin): Plugin => ({ ...plugin, compile: (options, binding) => {
    const handlers = plugin.compile(options, binding);
    compiled.push(handlers);
    return handlers;
  } }));
  await startGateway(t, `${CONSUMERS}\nroutes: [{id: r, uri: /, plugins: {${name}: {}}, upstream: {nodes: {"127.0.0.1:1": 1}}}]`, caught);
  return compiled[0]?.rewrite ?? assert.fail('no handler');
}

/** A request as far as these plugins look at it. */
const requestWith = (headers: Readonly<Record<string, string>>): Exchange =>
  ({
    method: 'GET', path: '/', query: undefined, argumentValues: () => [],
    headerValues: (name: string) => (headers[name] === undefined ? [] : [headers[name]]),
    details: { forwardedValues: (name: string) => Object.keys(headers).filter((other) => other.replaceAll('-', '_') === name).map((other) => headers[other]) },
  }) as unknown as Exchange;

/** Nanoseconds that wrong credentials of several kinds take, drawn in random order so that the machine's moods meet all alike. */
function measure(rewrite: Rewrite, kinds: readonly (() => Exchange)[]): number[][] {
  const times: number[][] = kinds.map(() => []);
  for (let i = -10_000; i < EACH * kinds.length; i++) {
    const kind = Math.floor(Math.random() * kinds.length);
    // each is new, and made by the same work whatever its kind: what lies in memory for long lies better or worse
    const x = kinds[kind]?.() ?? assert.fail();
    const began = process.hrtime.bigint();
    const reply = rewrite(x);
    const took = Number(process.hrtime.bigint() - began);
    assert.ok(reply && 'status' in reply && reply.status === 401);
    if (i >= 0) times[kind]?.push(took);
  }
  // interruptions say nothing of what is compared: all kinds are cut at one length, that of the slowest tenth
  const cut = times.flat().sort((a, b) => a - b)[Math.floor(EACH * kinds.length * 0.9)] ?? 0;
  return times.map((list) => list.filter((time) => time < cut));
}

/** Welch's t of two samples. */
function welch(a: readonly number[], b: readonly number[]): number {
  const [one, other] = [a, b].map((list) => {
    const mean = list.reduce((sum, x) => sum + x, 0) / list.length;
    return { mean, error: list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (list.length - 1) / list.length };
  });
  return one && other ? (one.mean - other.mean) / Math.sqrt(one.error + other.error) : NaN;
}

/** Digits that are wrong at some places, by the same work wherever these are; ASCII stays ASCII, which is read faster than what is not. */
function wrong(bytes: Buffer, places: Buffer): Buffer {
  const random = randomBytes(bytes.length);
  for (let i = 0; i < bytes.length; i++) random[i] = (bytes[i] ?? 0) ^ ((1 + ((random[i] ?? 0) % 7)) & (places[i] ?? 0));
  return random;
}

/** Of 32 bytes. */
const placed = (...at: readonly number[]): Buffer => Buffer.from(Array.from({ length: 32 }, (_, i) => (at.includes(i) ? 0xff : 0)));
const [FIRST, LAST, ALL, NONE] = [placed(0), placed(31), Buffer.alloc(32, 0xff), placed()] as const;

const apikey = (places: Buffer) => (): Exchange => requestWith({ apikey: wrong(Buffer.from(KEYS[Math.floor(Math.random() * KEYS.length)] ?? ''), places).toString('latin1') });
const basic = (name: string, places: Buffer) => (): Exchange => requestWith({ authorization: `Basic ${Buffer.from(`${name}:${wrong(Buffer.from(KEY), places).toString('latin1')}`).toString('base64')}` });
const DATE = new Date().toUTCString();
const RIGHT = createHmac('sha256', KEY).update(`tom\ndate: ${DATE}\n`).digest();
const signature = (keyId: string, places: Buffer) => (): Exchange => requestWith({ date: DATE, authorization: `Signature keyId="${keyId}",algorithm="hmac-sha256",headers="date",signature="${wrong(RIGHT, places).toString('base64')}"` });

/** A leak shows each time; the moods of a busy machine do not. */
const ATTEMPTS = 3;

suite('a wrong credential takes as long as any other, whatever of it is wrong', () => {
  for (const [plugin, kinds] of Object.entries({
    'key-auth': [apikey(FIRST), apikey(LAST), apikey(ALL)],
    'basic-auth': [basic('tom', FIRST), basic('tom', LAST), basic('tim', NONE)],
    'hmac-auth': [signature('tom', FIRST), signature('tom', LAST), signature('tim', NONE)],
  })) {
    test(`${plugin}: Welch's t of ${EACH} of each kind is below 4.5`, async (t) => {
      const rewrite = await rewriteOf(t, plugin);
      const attempts: (readonly number[])[] = [];
      while (attempts.length < ATTEMPTS && !attempts.at(-1)?.every((value) => Math.abs(value) < 4.5)) {
        const [first = [], last = [], none = []] = measure(rewrite, kinds);
        attempts.push([welch(first, last), welch(first, none), welch(last, none)]);
      }
      t.diagnostic(`first and last, first and unknown, last and unknown: ${JSON.stringify(attempts)}`);
      assert.ok(attempts.at(-1)?.every((value) => Math.abs(value) < 4.5), JSON.stringify(attempts));
    });
  }
});
