import { headerLines } from '../cases/answer.js';
import { maskOf } from '../cases/mask.js';
import { portsOf } from '../cases/ports.js';
import { Rig, type Observed, type Sent } from '../cases/rig.js';
import { Stubs } from '../cases/stub.js';
import type { Environment } from '../config/placeholders.js';
import type { Outcome, Source } from '../config/source.js';
import { createLoader, type Loaded } from '../load.js';
import { withModules } from '../modules/with-modules.js';
import type { Plugin } from '../plugins/plugin.js';
import { Store } from '../state/store.js';
import { answerOf } from './answer.js';
import type { Explanation } from './explanation.js';
import { othersOf } from './others.js';
import { pluginsOf } from './plugins.js';
import { whyRefused, whyTwofold, whyUnread } from './refusal.js';
import type { Scene } from './scene.js';
import { shownBy } from './shown.js';
import { silentOf } from './silent.js';
import { Trace } from './trace.js';
import { upstreamOf } from './upstream.js';

/** A request to be explained. */
export interface Question {
  readonly method: string;
  /** A path, or a URL of http or https; each byte a character. */
  readonly url: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** The address that it comes from. */
  readonly from: string;
  readonly body: string | undefined;
}

/** Tells what the gateway that a configuration describes would do with a request, and why; one request at a time. */
export type Explain = (question: Question, source: Source) => Promise<Outcome<Explanation>>;

/**
 * Makes an Explain. A request goes through the gateway that is asked about, whose plugins are watched and whose nodes are
 * stubs; nothing is connected to.
 */
export function createExplain(plugins: readonly Plugin[], env: Environment): Explain {
  const trace = new Trace();
  const stubs = new Stubs();
  let seen: Pick<Scene, 'linked' | 'document'> | undefined;
  const load = createLoader(trace.watch(plugins), env, { connect: stubs.connect, lively: false, watch: (others) => trace.watch(others), onLinked: (linked, document) => { seen = { linked, document }; } });
  return async (question, source) => {
    const { value, diagnostics } = load(await withModules(source, env), new Store(), 1);
    if (!value || !seen) return { diagnostics };
    const sent = sentOf(question);
    trace.begin();
    const observed = await observe(value, stubs, sent);
    return { value: told({ ...seen, question, observed, acts: trace.acts, mask: shownBy(maskOf(sent, trace.secrets)) }), diagnostics };
  };
}

async function observe({ table, config }: Loaded, stubs: Stubs, sent: Sent): Promise<Observed> {
  const rig = await Rig.open(table, stubs, portsOf(config.gateway));
  try {
    return await rig.send(sent);
  } finally {
    await rig.close();
  }
}

/** What a node answers does not matter here, but that it adds nothing. */
const sentOf = ({ method, url, headers, from, body }: Question): Sent => ({ request: `${method} ${url}`, headers, from, answer: { status: 200 }, ...(body !== undefined && { body }) });

function told(scene: Scene): Explanation {
  const { question, observed, acts, mask, linked, document } = scene;
  const { exchange: x } = observed;
  const [, authority, path = ''] = /^https?:\/\/([^/?]*)(.*)$/.exec(question.url) ?? [, undefined, question.url];
  const host = valueOf(question, 'host') ?? authority ?? 'localhost';
  const refused = whyRefused(observed, { method: question.method, target: path, host }) ?? whyUnread(observed, acts.length > 0) ?? whyTwofold(observed, acts.length > 0);
  const answer = answerOf(scene);
  const request = { method: question.method, target: mask(path.startsWith('/') ? path : `/${path}`), host: mask(host), from: question.from };
  if (refused !== undefined) return { request, refused, answer, path: x?.path, ...NOTHING };
  const route = linked.routes.find(({ id }) => id === x?.route?.id);
  return {
    request, path: x?.path, refused, answer,
    route: route && { id: route.id, name: route.config.name, service: route.service?.id, place: document.locate(route.path) },
    others: othersOf(scene),
    consumer: x?.consumer?.username,
    plugins: pluginsOf(scene),
    silent: silentOf(scene, route),
    upstream: upstreamOf(scene, route),
  };
}

/** What a refused request meets. */
const NOTHING = { route: undefined, others: [], consumer: undefined, plugins: [], silent: [], upstream: undefined } as const;

function valueOf({ headers }: Question, name: string): string | undefined {
  const lines = headerLines(headers);
  const at = lines.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === name);
  return at < 0 ? undefined : lines[at + 1];
}
