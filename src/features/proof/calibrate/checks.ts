import type { Session } from '../../../app/measure/engine-session.ts';
import type { Clock, Reporter } from '../../../app/reporter.ts';
import type { StepLimits } from '../../../core/measure/execute/deadline.ts';
import { external, listed, quantity } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { ErrorRecord } from '../../../core/model/failure/error-record.ts';
import type { ImageFacts, ResolvedConfig } from '../../../core/model/run/run.ts';
import type { RunWriter } from '../../../core/store/run-directory.ts';
import type { CalibrationCheck } from './calibration.ts';
import type { ProbeComparison } from './comparisons.ts';
import { runCalibration } from './loop.ts';
import { probes } from './probe.ts';

const text = messages('calibrate', {
  warmUp: 'warm-up',
  block: 'block {n}, {trials} trials',
  trials: '{seconds} s {what}: {done} of {all} checks done{open}',
  open: '; open: {checks}',
  openMore: '; open: {checks} and {more} more',
  openCheck: '{id} ({runtimes})',
});

/** Maximum number of open checks named in one line. */
const namedChecks = 6;

/** Input of the trials of a calibration. */
export interface ChecksOptions {
  readonly session: Session;
  readonly config: Pick<ResolvedConfig, 'seed' | 'minBlocks' | 'maxBlocks' | 'samplePeriodMs'>;
  /** Time limit, counted from `began`. */
  readonly maxTimeMs: number;
  readonly images: readonly ImageFacts[];
  readonly comparisons: readonly ProbeComparison[];
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

/** Runs the trials of every check, and says after each block how many are done. */
export async function runChecks(options: ChecksOptions): Promise<readonly CalibrationCheck[]> {
  const { session, config, comparisons, limitsOf, writer, interrupt, clock } = options;
  const spentMs = () => clock.now() - options.began;
  return await runCalibration({
    comparisons,
    seed: config.seed,
    minBlocks: config.minBlocks,
    maxBlocks: config.maxBlocks,
    maxTimeMs: options.maxTimeMs - spentMs(),
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
          seconds: quantity(spentMs() / 1000, ''),
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
