import type { Logger } from 'pino';
import type { Gate } from '../cases/gate.js';
import { sourceOf } from '../config/source.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Reloader } from '../reload.js';
import { coalesce } from './coalesce.js';
import { logDiagnostics } from './events.js';

/** Whether a first content passes the gate; why it does not is told. */
export async function passesFirst(file: string, content: Buffer, gate: Gate, log: Logger): Promise<boolean> {
  const reasons = await judged(file, content, gate);
  logDiagnostics(log, reasons);
  if (reasons.length > 0) log.error(`${file} is refused: nothing is started`);
  return reasons.length === 0;
}

/** Takes contents of the file to the reloader if they pass the gate. Of those that come while one is judged, the last one counts. */
export function gated(file: string, gate: Gate, reloader: Reloader): (content: Buffer) => void {
  let next: Buffer | undefined;
  const judge = coalesce(async () => {
    const content = next;
    if (!content) return;
    try {
      const reasons = await judged(file, content, gate);
      // what passed before is applied before this one is dealt with
      await reloader.settled();
      if (content !== next) return;
      if (reasons.length > 0) reloader.refuse(content, reasons);
      else reloader.apply(content);
    } catch (error) {
      reloader.fail(error);
    }
  });
  return (content) => {
    next = content;
    void judge();
  };
}

/** Why a content must not be applied; a content that is no text is for the reloader to refuse. */
async function judged(file: string, content: Buffer, gate: Gate): Promise<readonly Diagnostic[]> {
  const { value } = sourceOf(file, content);
  return value ? gate(value) : [];
}
