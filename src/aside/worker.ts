import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { Environment } from '../config/placeholders.js';
import { createPath } from '../load.js';
import { withModules } from '../modules/with-modules.js';
import { PLUGINS } from '../plugins/index.js';
import { createJudge, type Job } from './verdict.js';

const PRIORITY = 10;

// the whole of a thread beside the one that serves: contents come, verdicts go
// whoever is served goes first. Linux alone knows priorities of threads: elsewhere this would be the whole process's
if (process.platform === 'linux') setPriority(PRIORITY);

const env = workerData as Environment;
const judge = createJudge(createPath(PLUGINS, env, { lively: false }), (source, listed) => withModules(source, env, listed));
// what judging throws ends the thread as an unhandled rejection, and is told of where the verdict is waited for
parentPort?.on('message', (job: Job) => void judge(job).then((verdict) => parentPort?.postMessage(verdict, verdict.config ? [verdict.config.buffer] : [])));
