import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { Environment } from '../config/placeholders.js';
import { createPath } from '../load.js';
import { withModules } from '../modules/with-modules.js';
import { PLUGINS } from '../plugins/index.js';
import { createJudge, type Job } from './verdict.js';

// the whole of a thread beside the one that serves: contents come, verdicts go

/** Of 20: who is served goes first, and an edit on a busy machine still comes to its turn. */
const NICE = 10;

yieldToOthers();
const env = workerData as Environment;
const path = createPath(PLUGINS, env, { lively: false });
// to load the checks takes as long as to use them on a thousand routes: the first content finds them loaded
path.read({ file: '', hash: '', text: 'routes: []' });

const judge = createJudge(path, (source, listed) => withModules(source, env, listed));
// what judging throws ends the thread as an unhandled rejection, and is told of where the verdict is waited for
parentPort?.on('message', (job: Job) => void judge(job).then((verdict) => parentPort?.postMessage(verdict, verdict.config ? [verdict.config.buffer] : [])));

/** On Linux alone threads have priorities of their own: elsewhere this one's would be the whole process's. */
function yieldToOthers(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(NICE);
  } catch {
    // a sandbox may forbid it: edits are judged all the same
  }
}
