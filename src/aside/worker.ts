import { parentPort, workerData } from 'node:worker_threads';
import type { Environment } from '../config/placeholders.js';
import { createPath } from '../load.js';
import { PLUGINS } from '../plugins/index.js';
import { createJudge, type Job } from './verdict.js';

// the whole of a thread beside the one that serves: contents come, verdicts go
const judge = createJudge(createPath(PLUGINS, workerData as Environment, { lively: false }), PLUGINS);
parentPort?.on('message', (job: Job) => {
  const verdict = judge(job);
  parentPort?.postMessage(verdict, verdict.config ? [verdict.config.buffer] : []);
});
