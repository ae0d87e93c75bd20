import type { Plugin } from '../plugins/plugin.js';
import type { Config } from '../schema/file.js';
import type { SslConfig } from '../schema/ssl.js';
import { SECURITY, type Change, type Security } from './change.js';
import { opensCertificate } from './doors.js';
import { wholly, type Finding, type Subject } from './finding.js';
import { judgeAll, Judgement, UNGUARDED, type Told } from './judge.js';
import { masked } from './masks.js';
import { knowledgeOf, type PluginKnowledge } from './plugins.js';
import { BLOCKS, fieldsFindings, pairsOf, resourceFindings, type Block } from './resources.js';
import { routesOf } from './routes.js';
import { nameOf, visible } from './words.js';

export type { Change } from './change.js';

/** What changed from one configuration to the next; what concerns security comes first, the gravest before the rest. */
export function diff(before: Config, after: Config, plugins: readonly Plugin[]): Change[] {
  const known = knowledgeOf(plugins);
  const routes = routesOf(before, after, known);
  const blocks = new Map(BLOCKS.map((block) => [block, told(block, before, after, known)]));
  const gateway = [...fieldsFindings(GATEWAY, before.gateway, after.gateway), ...fieldsFindings(LISTED, listedPlugins(before), listedPlugins(after))];
  const judgement = new Judgement();
  const unexplained = judgeAll({ before, after, routes, blocks, gateway, known }, judgement.judge);
  const findings = [...routes.pairs.flatMap((pair) => pair.findings), ...unexplained, ...[...blocks.values()].flat().flatMap((one) => one.findings), ...gateway];
  const changes = findings.map((finding) => changeOf(finding, judgement.of(finding)));
  return changes.toSorted((a, b) => gravity(a) - gravity(b));
}

const GATEWAY: Subject = { resource: 'gateway', id: undefined, name: 'gateway' };
const LISTED: Subject = { resource: 'plugins', id: undefined, name: 'the list of plugins' };

function listedPlugins({ plugins }: Config): object {
  return plugins ? { plugins: plugins.map(({ name }) => name) } : {};
}

function told(block: Block, before: Config, after: Config, known: PluginKnowledge): Told[] {
  return pairsOf(block, before, after).map((pair) => {
    const opened = block === 'ssls' && opensCertificate(pair.before as SslConfig | undefined, pair.after as SslConfig | undefined);
    return { ...pair, findings: [...(opened ? [wholly(pair, UNGUARDED)] : []), ...resourceFindings(pair, known)] };
  });
}

function changeOf({ subject, action, path, before, after, text, hidden = false }: Finding, security: Security | undefined): Change {
  return {
    ...(security && { security }),
    resource: subject.resource,
    ...(subject.id !== undefined && { id: subject.id }),
    subject: visible(subject.name), action,
    ...(path.length > 0 && { field: nameOf(path) }),
    ...(!hidden && before !== undefined && { before: masked(before, path.at(-1)) }),
    ...(!hidden && after !== undefined && { after: masked(after, path.at(-1)) }),
    text,
  };
}

const gravity = ({ security }: Change): number => (security ? SECURITY.indexOf(security) : SECURITY.length);
