import type { Path } from '../diagnostics/diagnostic.js';
import { isAuthPlugin, type AuthPlugin, type Consumer, type Credential, type Plugin } from '../plugins/plugin.js';
import type { ConsumerConfig } from '../schema/consumer.js';
import { each, type Steps } from '../steps.js';
import type { References } from './items.js';
import { linkOverlays, type LinkedOverlays } from './link-overlays.js';
import type { PluginPlace } from './linked.js';
import type { Report } from './report.js';
import type { SecretReader } from './secret-reader.js';
import { tellWeak, weakPlaces } from './weak-credentials.js';

/** The consumers by name, what is configured for them, and per auth plugin every credential by its look-up key. */
export interface LinkedConsumers extends LinkedOverlays {
  readonly consumers: ReadonlyMap<string, Consumer>;
  readonly credentials: ReadonlyMap<string, ReadonlyMap<string, Credential>>;
}

/** Whose credential an item of the list is. */
type Owner = Omit<Credential, 'data'>;

interface Indexed extends Credential {
  readonly path: Path;
}

/** Builds the consumers, their credential indexes and their overlays. */
export function* linkConsumers(items: readonly ConsumerConfig[], groups: ReadonlyMap<string, PluginPlace>, plugins: readonly Plugin[], references: References, secrets: SecretReader, report: Report): Steps<LinkedConsumers> {
  const consumers = yield* namedConsumers(items, report);
  const auth = plugins.filter(isAuthPlugin);
  const credentials = new Map(auth.map((plugin) => [plugin.name, new Map<string, Indexed>()]));
  const ids = new Map<string, Path>();
  const weak: Path[] = [];
  yield* each(items, (item, i) => {
    const path: Path = ['consumers', i];
    const owner = ownerOf(item, path, consumers, ids, report);
    if (!owner) return;
    for (const plugin of auth) {
      const index = credentials.get(plugin.name);
      if (index) weak.push(...indexCredential(plugin, item, owner, path, index, secrets, report));
    }
  });
  tellWeak(weak, report);
  const overlays = yield* linkOverlays({ items, consumers, groups, auth: new Set(auth.map((plugin) => plugin.name)) }, references, secrets, report);
  return { consumers, credentials, ...overlays };
}

function* namedConsumers(items: readonly ConsumerConfig[], report: Report): Steps<Map<string, Consumer>> {
  const consumers = new Map<string, Consumer>();
  const places = new Map<string, Path>();
  yield* each(items, ({ username, labels, group_id: group }, i) => {
    if (username === undefined) return;
    const path: Path = ['consumers', i, 'username'];
    const first = places.get(username);
    if (first) report.error('duplicate-consumer', path, `two consumers are called \`${username}\``, { related: [report.place(first, 'first here')], hint: 'give one consumer several keys with `keys: [...]`' });
    places.set(username, path);
    consumers.set(username, { username, customId: labels?.['custom_id'], groupId: group === undefined ? undefined : String(group), labels });
  });
  return consumers;
}

/** Whose credential an item is: a consumer's own, or one with an id such as `tom/credentials/phone`. */
function ownerOf(item: ConsumerConfig, path: Path, consumers: ReadonlyMap<string, Consumer>, ids: Map<string, Path>, report: Report): Owner | undefined {
  if (item.username !== undefined) {
    const consumer = consumers.get(item.username);
    return consumer && { consumer };
  }
  const [username = '', , id] = String(item.id).split('/');
  if (id === undefined) {
    report.error('missing-field', path, 'a consumer needs `username`', { spot: 'key', hint: 'a further credential of a consumer has `id: <username>/credentials/<id>`' });
    return undefined;
  }
  const first = ids.get(String(item.id));
  if (first) report.error('duplicate-id', [...path, 'id'], `two credentials have the id \`${item.id}\``, { related: [report.place([...first, 'id'], 'first here')] });
  ids.set(String(item.id), path);
  const consumer = consumers.get(username);
  if (consumer) return { consumer, id };
  const near = report.near(username, consumers);
  report.error('dangling-reference', [...path, 'id'], `there is no consumer \`${username}\``, { hint: near ? `did you mean \`${near}\`?` : `add \`username: ${username}\` to \`consumers\`` });
  return undefined;
}

/** Returns the places of what can be guessed. */
function indexCredential(plugin: AuthPlugin, item: ConsumerConfig, owner: Owner, path: Path, index: Map<string, Indexed>, secrets: SecretReader, report: Report): Path[] {
  const raw = item.plugins?.[plugin.name];
  if (!raw || raw._meta?.disable === true) return [];
  const at: Path = [...path, 'plugins', plugin.name];
  const conf = secrets.resolveCredential(raw, at);
  const data = plugin.prepare?.(
    conf,
    (within, message) => report.error('plugin-rejected', [...at, ...within], message),
    (within, message) => report.warning('plugin-rejected', [...at, ...within], message),
  );
  for (const { path: within, key, doubt } of plugin.credentialKeys(conf)) {
    const place = [...at, ...within];
    if (doubt !== undefined) report.warning('unusual-credential', place, `${report.nameOf(place)} ${doubt}`, { hint: 'use ASCII letters, digits and signs; in quotes, a space counts' });
    const first = index.get(key);
    if (first) tellDuplicate(plugin, first, owner, place, report);
    else index.set(key, { ...owner, data, path: place });
  }
  return weakPlaces(conf, plugin.credentialSchema, at);
}

function tellDuplicate(plugin: AuthPlugin, first: Indexed, second: Owner, place: Path, report: Report): void {
  const whose = first.consumer === second.consumer ? `the consumer \`${second.consumer.username}\` has one ${plugin.name} credential twice` : `the consumers \`${first.consumer.username}\` and \`${second.consumer.username}\` have the same ${plugin.name} credential`;
  report.error('duplicate-credential', place, whose, { related: [report.place(first.path, 'first here')], hint: 'a credential must tell who calls: give each its own' });
}
