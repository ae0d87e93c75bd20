import type { Logger } from 'pino';
import { flagsOf, opens, type Change } from '../diff/change.js';
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.js';
import { COLOURS, draw, PLAIN } from '../diagnostics/draw.js';
import { printable } from '../diagnostics/printable.js';
import type { PluginEvent } from '../plugins/plugin.js';
import type { GatewayEvent } from '../proxy/gateway.js';
import type { ReloadEvent, StaleReason } from '../reload.js';
import type { UpstreamEvent } from '../upstream/events.js';
import type { WatchEvent } from '../watch.js';
import type { Lack } from '../watch/options.js';
import type { GatewayConfig } from '../schema/gateway.js';
import { useColour } from './colour.js';
import { logFailures } from './failures.js';
import { quiet } from './quiet.js';

/** Puts what happens into words: the one place where events become log lines. */
export function logEvents(log: Logger, file: string, first: readonly Diagnostic[], moved: (now: GatewayConfig) => readonly string[]): { reload(event: ReloadEvent): void; gateway(event: GatewayEvent): void; watch(event: WatchEvent): void; upstream(event: UpstreamEvent): void; plugin(event: PluginEvent): void } {
  let told = '';
  let warnings = first;
  const failures = logFailures(log);
  const once = quiet();
  return {
    reload: (event) => {
      logReload(log, file, event);
      if (event.type !== 'applied') return;
      logDiagnostics(log, unknownOf(event.diagnostics, warnings));
      warnings = event.diagnostics;
      const fields = moved(event.config.gateway).join(' and ');
      if (fields !== '' && fields !== told) log.warn(`a change of ${fields} takes effect at the next start; until then the addresses stay as they are`);
      told = fields;
    },
    gateway: (event) => {
      if (event.type === 'error') log.error({ err: event.error }, 'a bug of the gateway, or of a plugin of your own, was met; what it concerned was refused, and the gateway goes on');
      else if (event.type === 'node-failed') failures(event);
      else log.info({ generation: event.generation }, `generation ${event.generation} is retired: its last request has left`);
    },
    watch: (event) => logWatch(log, file, event),
    upstream: (event) => logUpstream(log, event),
    plugin: ({ plugin, owner, message }) => once(`${owner} ${plugin} ${message}`, (more) => log.warn({ plugin, owner }, `${owner}: ${plugin}: ${message}${more}`)),
  };
}

function logReload(log: Logger, file: string, event: ReloadEvent): void {
  switch (event.type) {
    case 'applied': {
      const { generation, hash, milliseconds, changes } = event;
      const flags = flagsOf(changes).map((flag) => `${flag.toUpperCase()}. `).join('');
      const line = `${flags}${file} applied: generation ${generation}, hash ${hash.slice(0, 12)}, ${milliseconds.toFixed(1)} ms: ${inWords(changes)}`;
      log[changes.some(opens) ? 'warn' : 'info']({ generation, hash, milliseconds, changes: changes.slice(0, MOST) }, line);
      return;
    }
    case 'refused':
      log.error({ diagnostics: brief(event.diagnostics) }, `${file} refused, the configuration that runs stays:\n${drawn(event.diagnostics)}`);
      return;
    case 'failed':
      return log.error({ err: event.error }, `${file} could not be applied for a bug of the gateway; the configuration that runs stays`);
    case 'stale':
      return log.error(`${file} is NOT what runs since ${event.since.toISOString()}, because ${event.because.map((reason) => REASONS[reason]).join(' and ')}: generation ${event.generation} stays until that is mended`);
  }
}

const REASONS: Readonly<Record<StaleReason, string>> = { refused: 'it was refused', absent: 'it cannot be read', unfinished: 'it is not complete' };

function inWords(changes: readonly Change[]): string {
  if (changes.length === 0) return 'nothing changed';
  const shown = changes.slice(0, IN_WORDS).map(({ subject, text }) => printable(`${subject}: ${text}`));
  return `${shown.join('; ')}${changes.length > IN_WORDS ? `; and ${changes.length - IN_WORDS} more` : ''}`;
}

/** Changes that a line tells; what concerns security is among the first. */
const IN_WORDS = 10;

/** Those of a load that the load before it did not tell; what stays as it is need not be told at each save. */
function unknownOf(diagnostics: readonly Diagnostic[], before: readonly Diagnostic[]): Diagnostic[] {
  const known = new Set(before.map(({ code, message }) => `${code} ${message}`));
  return diagnostics.filter(({ code, message }) => !known.has(`${code} ${message}`));
}

/** Logs warnings of a file that applies, each on a line or two, or the errors of one that does not, with the lines that they concern. */
export function logDiagnostics(log: Logger, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length === 0) return;
  const severe = hasErrors(diagnostics);
  log[severe ? 'error' : 'warn']({ diagnostics: brief(diagnostics) }, drawn(severe ? diagnostics : diagnostics.map(withoutFrame)));
}

const withoutFrame = ({ frame: _, ...rest }: Diagnostic): Diagnostic => rest;

const MOST = 50;

const drawn = (diagnostics: readonly Diagnostic[]): string =>
  draw(diagnostics.slice(0, MOST), useColour(process.stderr) ? COLOURS : PLAIN) + (diagnostics.length > MOST ? `\n\nand ${diagnostics.length - MOST} more` : '');

/** What of diagnostics goes into JSON lines and `/status`. */
export function brief(diagnostics: readonly Diagnostic[]): object[] {
  return diagnostics.slice(0, MOST).map(({ code, severity, message, range, hint }) => ({ code, severity, message, file: range?.file, line: range?.start.line, column: range?.start.column, hint }));
}

function logUpstream(log: Logger, event: UpstreamEvent): void {
  switch (event.type) {
    case 'health': {
      const { upstream, node, healthy, because } = event;
      return log[healthy ? 'info' : 'warn']({ upstream, node, healthy }, `${upstream}: node ${node} is ${healthy ? 'healthy' : 'unhealthy'} (${because})`);
    }
    case 'resolved':
      return log.info({ host: event.name, addresses: event.addresses }, `${event.name} stands for ${event.addresses.join(', ')}`);
    case 'unresolved':
      return log.warn({ host: event.name, code: event.code }, `${event.name} cannot be resolved (${event.code}); ${event.kept ? 'its addresses of before are used on' : 'requests for it get 503'}`);
  }
}

const LACKS: Readonly<Record<Lack, string>> = {
  'end-marker': 'it ended with a line #END before and does not now, so it may be half written; add the line',
  newline: 'its last line does not end, so it may be half written; end the line, or end the file with a line #END',
  rest: 'it does not stop changing, so it may be half written',
};

function logWatch(log: Logger, file: string, event: WatchEvent): void {
  const kept = 'the configuration that runs stays';
  switch (event.kind) {
    case 'vanished':
      return log.error(`${file} is gone (${event.code}); ${kept}`);
    case 'unreadable':
      return log.error(`${file} cannot be read (${event.code}); ${kept}`);
    case 'returned':
      return log.info(`${file} is there again`);
    case 'waiting':
      return log.warn(`${file} is not applied: ${LACKS[event.lacking]}`);
    case 'held':
      return log.info(`${file} was written just now, so it may be half written: it is applied once it has been still`);
    case 'unchanged':
      return log.info(`${file} is again what it was`);
    case 'watcher-down':
      return log.warn(`file events cannot be had (${event.code}); the file is polled instead`);
    case 'watcher-up':
      return log.info('file events are back');
    case 'failed':
      return log.error({ err: event.error }, 'looking at the file met a bug of the gateway; it goes on');
  }
}
