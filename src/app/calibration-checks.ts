import type { Comparison } from '../calibrate/comparisons.ts';
import { runIdleMemory } from '../calibrate/idle-memory-loop.ts';
import { runCalibration } from '../calibrate/loop.ts';
import { probes } from '../calibrate/probe.ts';
import { quantity } from '../messages/compose.ts';
import { messages } from '../messages/define.ts';
import type { CalibrationCheck, IdleMemoryRecord } from '../model/calibration.ts';
import type { ErrorRecord } from '../model/error-record.ts';
import type { ImageFacts, ResolvedConfig } from '../model/run.ts';
import type { RunWriter } from '../store/run-directory.ts';
import type { Clock, Reporter } from './context.ts';
import type { Session } from './session.ts';

const text = messages('calibrate', {
  warmUp: 'warm-up',
  round: 'round {n} of at most {max}',
  block: 'block {n} of at most {max}',
  idleSandboxes: 'idle sandboxes, {what}: {n} runtimes not yet precise',
  trials: '{seconds} s {what}: {n} trials, {open} checks not yet precise',
});

/** Recipe of the image that idle sandboxes run; preflights use it too. */
const idleImage = 'base';
/** Idle sandboxes that run at once, and rounds of them. */
const sandboxes = 16;
const idleRounds = { min: 6, max: 12 };

/** What the trials and the idle sandboxes of a calibration need. */
export interface ChecksOptions {
  readonly session: Session;
  readonly config: ResolvedConfig;
  readonly images: readonly ImageFacts[];
  readonly comparisons: readonly Comparison[];
  /** Runtimes whose idle sandboxes are compared with the host's MemAvailable. */
  readonly idleRuntimes: readonly string[];
  readonly explain: (runtime: string, engineMessage: string) => ErrorRecord;
  readonly writer: RunWriter;
  readonly interrupt: AbortSignal;
  readonly clock: Clock;
  readonly reporter: Reporter;
}

/** Trials first, then idle sandboxes. */
export async function runChecks(
  options: ChecksOptions,
): Promise<{ readonly checks: readonly CalibrationCheck[]; readonly bills: readonly IdleMemoryRecord[] }> {
  const trials = await trialChecks(options);
  const { hostPlace } = options.session;
  if (hostPlace === null || options.idleRuntimes.length === 0) return { checks: trials, bills: [] };
  const image = options.images.find(({ recipe }) => recipe === idleImage)?.reference;
  if (image === undefined) throw new Error(`the image ${idleImage} was not provided`);
  const { checks, bills } = await runIdleMemory({
    engine: options.session.engine,
    place: hostPlace,
    image,
    runtimes: options.idleRuntimes,
    sandboxes,
    seed: options.config.seed,
    minRounds: idleRounds.min,
    maxRounds: idleRounds.max,
    interrupt: options.interrupt,
    onRound: (round, open) => {
      const what = round === 0 ? text.warmUp : text.round({ n: round, max: idleRounds.max });
      options.reporter.log(text.idleSandboxes({ what, n: open }));
    },
  });
  return { checks: [...trials, ...checks], bills };
}

async function trialChecks(options: ChecksOptions): Promise<readonly CalibrationCheck[]> {
  const { session, config, comparisons, writer, interrupt } = options;
  const { clock, reporter } = options;
  const started = clock.now();
  return await runCalibration({
    comparisons,
    seed: config.seed,
    minBlocks: config.minBlocks,
    maxBlocks: config.maxBlocks,
    maxTimeMs: config.maxTimeMs,
    writer,
    interrupt,
    engineLost: session.guard.lost,
    now: clock.now,
    runTrial: session.trials({
      images: options.images,
      subjects: comparisons.flatMap(({ treatment, control }) =>
        [treatment, control].map(({ probe, task }) => ({ workload: probes[probe], params: { ...task } })),
      ),
      explain: options.explain,
      interrupt,
      samplePeriodMs: config.samplePeriodMs,
    }),
    onBlock: (block, open) => {
      const seconds = quantity((clock.now() - started) / 1000, '');
      const what =
        block.phase === 'warmup' ? text.warmUp : text.block({ n: block.block, max: config.maxBlocks });
      reporter.log(text.trials({ seconds, what, n: block.trials.length, open }));
    },
  });
}
