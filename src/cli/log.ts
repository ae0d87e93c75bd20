import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';

/** How log lines look. */
export type LogFormat = 'pretty' | 'json';

/** Log levels, most talkative first. */
export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Makes the logger: to stderr, readable lines on a terminal, JSON lines elsewhere, unless a format is given. */
export function createLog(format: LogFormat | undefined, level: string): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label: string) => ({ level: label }) } };
  const chosen = format ?? (process.stderr.isTTY ? 'pretty' : 'json');
  if (chosen === 'json') return pino(options, pino.destination({ dest: 2, sync: true }));
  const stream = pretty({ destination: 2, sync: true, colorize: useColour(process.stderr), translateTime: 'SYS:HH:MM:ss.l', ignore: HIDDEN });
  return pino(options, stream);
}

/** Fields that pretty lines leave out, since their message says it. */
const HIDDEN = 'diagnostics,changes,hash,generation,milliseconds';

/** Whether a stream takes colours: FORCE_COLOR and NO_COLOR go before what it is. */
export function useColour(stream: { readonly isTTY?: boolean }): boolean {
  const { FORCE_COLOR, NO_COLOR } = process.env;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return stream.isTTY === true;
}
