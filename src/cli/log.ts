import { pino, type DestinationStream, type Logger } from 'pino';
import { useColour } from './colour.js';

/** How log lines look. */
export type LogFormat = 'pretty' | 'json';

/** Makes the logger: to stderr, readable lines on a terminal, JSON lines elsewhere, unless a format is given. */
export async function createLog(format: LogFormat | undefined, level: string): Promise<Logger> {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label: string) => ({ level: label }) } };
  const chosen = format ?? (process.stderr.isTTY ? 'pretty' : 'json');
  return pino(options, chosen === 'json' ? pino.destination({ dest: 2, sync: true }) : await prettyStream());
}

/** Fields that pretty lines leave out, since their message says it. */
const HIDDEN = 'diagnostics,changes,hash,generation,milliseconds,urls,admin';

async function prettyStream(): Promise<DestinationStream> {
  // loaded only when it is wanted: it takes longer than the rest of the log
  const { default: pretty } = await import('pino-pretty');
  return pretty({
    destination: 2, sync: true, singleLine: true, colorize: useColour(process.stderr), translateTime: 'SYS:HH:MM:ss.l', ignore: HIDDEN,
    messageFormat: (log, key) => printable(String(log[key])),
  });
}

/** Leaves out what could do more to a terminal than colour: by itself pino-pretty would cut the colours of diagnostics to pieces. */
function printable(message: string): string {
  return message.replace(/\x1b\[[\d;]*m|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, (found) => (found.length > 1 ? found : ''));
}
