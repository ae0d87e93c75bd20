import { hasErrors } from '../diagnostics/diagnostic.js';
import { isAuthPlugin, type Plugin } from '../plugins/plugin.js';
import type { Config } from '../schema/file.js';
import { type Steps } from '../steps.js';
import type { Document } from './document.js';
import { tellDoubts } from './doubts.js';
import type { ReadFile } from './files.js';
import { References } from './items.js';
import { refuseUnlisted } from './listed.js';
import { linkConsumers } from './link-consumers.js';
import { linkMetadata, linkSets } from './link-plugins.js';
import { linkRoutes } from './link-routes.js';
import { linkServices } from './link-services.js';
import { linkSsls } from './link-ssls.js';
import { linkUpstreams } from './link-upstreams.js';
import type { LinkedConfig } from './linked.js';
import { warnOfNobody } from './nobody.js';
import type { Environment } from './placeholders.js';
import { Report } from './report.js';
import { SecretReader } from './secret-reader.js';
import type { Outcome } from './source.js';
import { warnOfUnused } from './unused.js';

/** What a configuration was linked to; where something is wrong with it, only to look for what else is. */
export interface Linked extends Pick<Outcome<LinkedConfig>, 'diagnostics'> {
  readonly linked: LinkedConfig;
}

/** Turns ids into objects, references to secrets into the secrets, and credentials into one index per auth plugin. */
export function* link(config: Config, document: Document, plugins: readonly Plugin[], env: Environment, read: ReadFile): Steps<Linked> {
  const report = new Report(document);
  const secrets = new SecretReader(config.secrets, env, report);
  const references = new References(report);
  const upstreams = linkUpstreams(config.upstreams, report);
  const sets = linkSets(config, secrets, report);
  const services = linkServices(config.services, upstreams, references, secrets, report);
  const routes = yield* linkRoutes(config.routes, { services, upstreams, pluginConfigs: sets.pluginConfigs }, references, secrets, report);
  const { consumers, places, ...who } = yield* linkConsumers(config.consumers, sets.groups, plugins, references, secrets, report);
  const metadata = linkMetadata(config.plugin_metadata, secrets, report);
  refuseUnlisted(config, report);
  const ssls = linkSsls(config.ssls, { secrets, read, file: document.source.file, report });
  const written = [...sets.globalRules, ...sets.pluginConfigs.values(), ...sets.groups.values(), ...[...services.values()].map(({ place }) => place), ...routes.flatMap(({ places: [own] }) => own ?? []), ...places];
  const all = new Set([...upstreams.values(), ...[...services.values(), ...routes].flatMap(({ upstream }) => upstream ?? [])]);
  // what was read elsewhere was doubted there
  if (document.isHere) {
    // beside errors, what seems unused may be what was meant
    if (!hasErrors(report.diagnostics)) {
      warnOfUnused(config, { upstreams, services, ...sets }, new Set(plugins.filter(isAuthPlugin).map(({ name }) => name)), references, report);
      warnOfNobody(routes, sets.globalRules, who.credentials, report);
    }
    yield* tellDoubts(config, report);
  }
  return { linked: { gateway: config.gateway, routes, upstreams: [...all], places: written, globalRules: sets.globalRules, metadata, consumers, ssls, ...who }, diagnostics: report.diagnostics };
}
