import { effective } from '../config/effective.js';
import { isAuthPlugin } from '../plugins/plugin.js';
import type { ConsumerConfig } from '../schema/consumer.js';
import type { Config } from '../schema/file.js';
import type { PluginConfig, PluginConfigs } from '../schema/route.js';
import type { Finding, Pair } from './finding.js';
import type { Judge } from './losses.js';
import type { PluginKnowledge } from './plugins.js';
import { isRestricting, isWeaker } from './restrictions.js';

/** Judges what changed of credentials: who has one now, and whose is gone or another. */
export function judgeCredentials(findings: readonly Finding[], { auth }: PluginKnowledge, judge: Judge): void {
  for (const finding of findings) {
    if (finding.subject.resource !== 'consumers') continue;
    const [field, plugin = ''] = finding.path;
    const ofCredential = field === 'plugins' && auth.has(plugin);
    if (!ofCredential && (finding.path.length > 0 || !holdsCredential(finding, auth))) continue;
    judge(finding, finding.before === undefined ? 'credential-added' : finding.after === undefined ? 'credential-removed' : 'credential-changed');
  }
}

function holdsCredential({ before, after }: Finding, auth: ReadonlySet<string>): boolean {
  const { plugins = {} } = (before ?? after ?? {}) as ConsumerConfig;
  return Object.keys(plugins).some((name) => auth.has(name));
}

/** A consumer's own plugins, and below them those of its group. */
type Places = readonly { readonly plugins?: PluginConfigs }[];

/** Judges what consumers and their groups held back and hold back no longer, given what changed of them. */
export function judgeConsumers(pairs: readonly Pair[], before: Config, after: Config, findings: readonly Finding[], known: PluginKnowledge, judge: Judge): void {
  const bySubject = new Map<string, Finding[]>();
  for (const finding of findings) bySubject.set(finding.subject.name, [...(bySubject.get(finding.subject.name) ?? []), finding]);
  const [old, now] = [groupsOf(before), groupsOf(after)];
  for (const pair of pairs as readonly Pair<ConsumerConfig>[]) {
    if (!pair.before || !pair.after) continue;
    const told = [pair.subject.name, ...[pair.before, pair.after].map(({ group_id: id }) => `consumer group ${id}`)].flatMap((name) => bySubject.get(name) ?? []);
    if (told.length === 0) continue;
    for (const name of lostBetween(placesOf(pair.before, old), placesOf(pair.after, now), known)) {
      for (const finding of told) if (finding.path[0] === 'group_id' || finding.path[1] === name) judge(finding, 'restriction-loosened');
    }
  }
}

const groupsOf = ({ consumer_groups: groups }: Config): ReadonlyMap<string, Places[number]> => new Map(groups.map((group) => [String(group.id), group]));

function placesOf(consumer: ConsumerConfig, groups: ReadonlyMap<string, Places[number]>): Places {
  const group = consumer.group_id === undefined ? undefined : groups.get(String(consumer.group_id));
  return group ? [consumer, group] : [consumer];
}

/** The plugins that hold back less. One that is off here hides that of the route. */
function lostBetween(before: Places, after: Places, known: PluginKnowledge): string[] {
  const [old, now] = [configsOf(before), configsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter((name) => {
    const [a, b] = [old.get(name), now.get(name)];
    if (isCredential(name, known) || !isRestricting(name, known) || isOff(a)) return false;
    if (!a) return isOff(b);
    return !b || isOff(b) || isWeaker(name, a, b, known);
  });
}

/** What a consumer configures of these is who it is, and holds nothing back. */
function isCredential(name: string, { plugins }: PluginKnowledge): boolean {
  const plugin = plugins.get(name);
  return plugin !== undefined && isAuthPlugin(plugin);
}

function configsOf(places: Places): ReadonlyMap<string, PluginConfig> {
  return new Map([...effective(places)].flatMap(([name, { plugins }]) => (plugins?.[name] ? [[name, plugins[name]]] : [])));
}

const isOff = (config: PluginConfig | undefined): boolean => config?._meta?.disable === true;
