import type { Session } from '../../../app/measure/engine-session.ts';
import type { Clock, Reporter } from '../../../app/reporter.ts';
import type { StepLimits } from '../../../core/measure/execute/deadline.ts';
import { external, listed, quantity } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import type { ErrorRecord } from '../../../core/model/error-record.ts';
import type { ImageFacts, ResolvedConfig } from '../../../core/model/run.ts';
import type { RunWriter } from '../../../core/store/run-directory.ts';
import type { CalibrationCheck, IdleMemoryRecord } from './calibration.ts';
import type { ProbeComparison } from './comparisons.ts';
import { type IdleMemoryRounds, idleMemory } from './idle-loop.ts';
import { measureIdleRound, warmUpIdle } from './idle-round.ts';
import { runCalibration } from './loop.ts';
import type { IdlePlan } from './plan.ts';
import { probes } from './probe.ts';

const text = messages('calibrate', {
  warmUp: 'warm-up',
  round: 'round {n} of at most {max}',
  block: 'block {n}, {trials} trials',
  idleSandboxes: '{seconds} s idle sandboxes, {what}: {done} of {all} runtimes done{open}',
  trials: '{seconds} s {what}: {done} of {all} checks done{open}',
  open: '; open: {checks}',
  openMore: '; open: {checks} and {more} more',
  openCheck: '{id} ({runtimes})',
});

/** Recipe of the image that idle sandboxes run; preflights use it too. */
const idleImage = 'base';
const idleRounds = { min: 6, max: 12 };
/** Share of the time left that the least number of rounds may take while other checks are open. */
const idleShare = 0.6;
/** Maximum number of open checks named in one line. */
const namedChecks = 6;

/** Input of the trials and the idle sandboxes of a calibration. */
export interface ChecksOptions {
  readonly session: Session;
  readonly config: Pick<ResolvedConfig, 'seed' | 'minBlocks' | 'maxBlocks' | 'samplePeriodMs'>;
  /** Time limit, counted from `began`. */
  readonly maxTimeMs: number;
  readonly images: readonly ImageFacts[];
  readonly comparisons: readonly ProbeComparison[];
  /** Sandboxes that are compared with the host's MemAvailable. */
  readonly idle: IdlePlan;
  /** Time limits of a runtime's containers. */
  readonly limitsOf: (runtime: string) => StepLimits;
  readonly explain: (runtime: string, engineMessage: string) => ErrorRecord;
  readonly writer: RunWriter;
  readonly interrupt: AbortSignal;
  readonly clock: Clock;
  /** Start of the calibration, by `clock`. */
  readonly began: number;
  readonly reporter: Reporter;
}

/**
 * Runs the trials that every check needs, then idle sandboxes, then the trials of what scatters, then again idle sandboxes. The
 * order is that of the time which a decided check costs: on a slow host the total cost of three runtimes took half the time
 * limit before all others, and left none of them the six pairs of an interval.
 */
export async function runChecks(
  options: ChecksOptions,
): Promise<{ readonly checks: readonly CalibrationCheck[]; readonly bills: readonly IdleMemoryRecord[] }> {
  const idle = idleChecks(options);
  const trials = await trialChecks(options, async (leftMs) => {
    await idle?.measure({ beginMs: idleShare * leftMs, leftMs });
  });
  const leftMs = timeLeft(options);
  await idle?.measure({ beginMs: leftMs, leftMs });
  const { checks, bills } = idle?.result() ?? { checks: [], bills: [] };
  return { checks: [...trials, ...checks], bills };
}

/** Time left for measuring, ms. */
const timeLeft = ({ maxTimeMs, clock, began }: ChecksOptions) => maxTimeMs - (clock.now() - began);

const secondsOf = ({ clock, began }: ChecksOptions) => quantity((clock.now() - began) / 1000, '');

/** The rounds of idle sandboxes; null if there are none to measure. */
function idleChecks(options: ChecksOptions): IdleMemoryRounds | null {
  const { session, idle, limitsOf, reporter, clock, interrupt } = options;
  const idleRuntimes = idle.runtimes;
  const { hostPlace, engine } = session;
  if (hostPlace === null || idleRuntimes.length === 0) return null;
  const image = options.images.find(({ recipe }) => recipe === idleImage)?.reference;
  if (image === undefined) throw new Error(`the image ${idleImage} was not provided`);
  const place = { engine, place: hostPlace, image, limitsOf, interrupt };
  const { engineCgroups } = hostPlace;
  return idleMemory({
    warmUp: (plan) => warmUpIdle({ ...place, ...plan }),
    measureRound: (plan) => measureIdleRound({ ...place, ...plan }),
    runtimes: idleRuntimes,
    absent: 'absent' in engineCgroups ? recalled(engineCgroups, 'absent') : null,
    counts: idle.counts,
    seed: options.config.seed,
    minRounds: idleRounds.min,
    maxRounds: idleRounds.max,
    interrupt,
    now: clock.now,
    onRound: (round, open) => {
      const what = round === 0 ? text.warmUp : text.round({ n: round, max: idleRounds.max });
      const all = idleRuntimes.length;
      reporter.log(
        text.idleSandboxes({
          seconds: secondsOf(options),
          what,
          done: all - open.length,
          all,
          open: openText(open.map(external)),
        }),
      );
    },
  });
}

async function trialChecks(
  options: ChecksOptions,
  between: (timeLeftMs: number) => Promise<void>,
): Promise<readonly CalibrationCheck[]> {
  const { session, config, comparisons, limitsOf, writer, interrupt, clock } = options;
  return await runCalibration({
    comparisons,
    seed: config.seed,
    minBlocks: config.minBlocks,
    maxBlocks: config.maxBlocks,
    maxTimeMs: timeLeft(options),
    writer,
    between,
    interrupt,
    engineLost: session.guard.lost,
    now: clock.now,
    runTrial: session.trials({
      images: options.images,
      subjects: comparisons.flatMap(({ treatment, control }) =>
        [treatment, control].map(({ probe, task }) => ({ workload: probes[probe], params: { ...task } })),
      ),
      explain: options.explain,
      limits: limitsOf,
      interrupt,
      samplePeriodMs: config.samplePeriodMs,
    }),
    onBlock: (block, open) => {
      const trials = block.trials.length;
      const what = block.phase === 'warmup' ? text.warmUp : text.block({ n: block.block, trials });
      const all = comparisons.length;
      options.reporter.log(
        text.trials({
          seconds: secondsOf(options),
          what,
          done: all - open.length,
          all,
          open: openText(openChecks(open)),
        }),
      );
    },
  });
}

/** Names of the open checks, each with its runtimes. */
function openChecks(open: readonly ProbeComparison[]): readonly Message[] {
  return [...Map.groupBy(open, ({ id }) => id)].map(([id, own]) =>
    text.openCheck({ id, runtimes: listed(own.map(({ runtime }) => runtime)) }),
  );
}

/** Text on the open checks, as the end of a line. */
function openText(names: readonly Message[]): Message {
  if (names.length === 0) return external('');
  const checks = listed(names.slice(0, namedChecks));
  const more = names.length - namedChecks;
  return more > 0 ? text.openMore({ checks, more }) : text.open({ checks });
}
