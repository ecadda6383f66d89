/**
 * A program for tests of the terminal: a tiny run of the real loop with trials that end at once, watched as
 * `ocibench run` watches. Its one argument is JSON: `lang`, `progress`, `quiet`, and how it ends.
 */
import { spawn } from 'node:child_process';
import { interruptSignal } from '../../src/cli/context.ts';
import { startProgress } from '../../src/cli/progress.ts';
import { openTerminal } from '../../src/cli/terminal.ts';
import { runBlocks } from '../../src/core/measure/execute/run-loop.ts';
import { external } from '../../src/core/messages/compose.ts';
import type { TrialOutcome } from '../../src/core/model/trial/trial.ts';
import { bareTrial } from '../support/records.ts';

const asked = JSON.parse(process.argv[2] ?? '{}') as {
  lang: 'en' | 'fr';
  progress: boolean;
  quiet: boolean;
  end: 'well' | 'error' | 'interrupt' | 'suspend';
};
const terminal = openTerminal(process, { lang: asked.lang, environment: process.env });
if (asked.quiet) terminal.setQuiet();
const config = {
  preset: 'quick' as const,
  runtimes: null,
  workloads: null,
  baseline: 'runc',
  minBlocks: 3,
  maxBlocks: 4,
  precision: null,
  maxTimeMs: 600_000,
  samplePeriodMs: 100,
  seed: 1,
  engine: 'auto' as const,
  lang: asked.lang,
  labels: {},
  thresholds: { practical: 0.05, alpha: 0.05 },
};
const runtimes = ['runc', 'crun', 'a-runtime-with-a-name-that-is-much-too-long-for-a-line'];
const cells = ['startup/true', 'io/fio'].flatMap((workload) =>
  runtimes.map((runtime) => ({
    runtime,
    profile: 'default',
    layer: 'docker' as const,
    workload,
    params:
      workload === 'io/fio' ? 'bs=4k;op=randread;target=bind;depth=32;direct=1;file=a-long-file-name' : '',
  })),
);
const interrupt = interruptSignal(terminal, external('interrupted: cleaning up'));
const live = asked.progress && !asked.quiet && terminal.canBeLive();
const progress = startProgress(terminal, { config, subjects: 2, runtimes }, { live });
const hostile = '\u001b[2J\u001b[31mno\r\ndisk\u0007 '.repeat(9);
let count = 0;
let elapsedMs = 0;
let reason: string | null = null;
try {
  const { stopReason } = await runBlocks({
    config,
    cells,
    fromBlock: 0,
    writer: { appendBlock: () => {}, appendTrial: () => {}, appendReadings: () => {} },
    maxBlocksOf: () => 99,
    precisionOf: (trials) => {
      const known = trials.length < 12 ? [] : cells.filter(({ runtime }) => runtime !== 'runc');
      progress.onEstimates(
        known.map((cell) => ({
          ...cell,
          category: cell.workload === 'io/fio' ? 'io' : 'startup',
          better: 'lower',
          ratio: 2,
          ratioCiLow: 1.9,
          ratioCiHigh: 2.1,
          halfWidth: 0.05,
          target: 0.03,
        })),
      );
      return new Map();
    },
    runTrial: async (spec, place) => {
      count++;
      // The schedule shares out time that passes: by trials here, so that load of the host changes no block.
      elapsedMs += 5;
      await new Promise((resume) => setTimeout(resume, 5));
      if (asked.end === 'error' && count === 9) throw new Error('the disk is full');
      if (asked.end === 'interrupt' && count === 9) process.kill(process.pid, 'SIGINT');
      // script(1) stops with its child, and both go on.
      if (asked.end === 'suspend' && count === 9) {
        spawn('sh', ['-c', `sleep 0.3; kill -CONT ${process.ppid} ${process.pid}`], { stdio: 'ignore' });
        process.kill(process.pid, 'SIGTSTP');
      }
      const failing = spec.cell.runtime === 'crun' && spec.cell.workload === 'io/fio';
      const outcome: TrialOutcome = failing
        ? { status: 'failed', step: 'run', error: { code: 'x', message: hostile } }
        : { status: 'ok' };
      return { record: bareTrial({ ...spec, ...place, outcome }), readings: [] };
    },
    engineLost: async () => null,
    onEvent: progress.onEvent,
    interrupt: interrupt.signal,
    now: () => elapsedMs,
    before: { blocks: [], trials: [] },
  });
  reason = stopReason;
} finally {
  progress.done(reason);
  interrupt[Symbol.dispose]();
}
terminal.result('the result');
