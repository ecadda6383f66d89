import { createHash } from 'node:crypto';
import { analysisOf } from '../../../../app/measure/conclude.ts';
import type { ComparedRun } from '../../../../core/analyze/runs/compare-runs.ts';
import { messages } from '../../../../core/messages/define.ts';
import { pinName } from '../../../../core/model/names.ts';
import type { RunRecord } from '../../../../core/model/run/run.ts';
import type { TrialRecord } from '../../../../core/model/trial/trial.ts';
import type { Workload } from '../../../../core/model/workload/workload.ts';
import type { StoredRun } from '../../../../core/store/run-directory.ts';
import { headlineLines, whenOf } from '../../history/headline-lines.ts';
import type { HeadlineLine, NightLine } from '../../history/record.ts';
import { beganLabel, learningLabel } from './settings.ts';

const words = messages('nights.reason', {
  cutOff: 'it was cut off; what was measured until then counts',
  interrupted: 'it was interrupted; what was measured until then counts',
  silent: 'too few blocks for a figure',
  checks: 'doctor: {names}',
});

/** The lines of one stage of a night: its headlines, and the line that closes the stage. */
export interface NightLines {
  readonly headlines: readonly HeadlineLine[];
  readonly night: NightLine;
}

/**
 * The lines that a stored run gives for a stage: `night`: from its own blocks; `confirmation`: from the blocks of its last
 * extension. A run that was cut off gives lines from the blocks it has. `reason`: why it ended early, if known.
 */
export function nightLines(
  { run, trials }: Pick<StoredRun, 'run' | 'trials'>,
  workloads: readonly Workload[],
  options: { readonly stage: NightLine['stage']; readonly host: string; readonly reason?: string },
): NightLines {
  const { stage, host } = options;
  const part = partOf(run, trials, stage);
  const { measurements, analysis } = analysisOf(part.run, part.trials, workloads);
  const { aaCheck = null } = analysis;
  const { fromBlock } = part;
  const analysed = { run, trials: part.trials, measurements, analysis };
  const headlines = headlinesOf(analysed, workloads, { stage, host, fromBlock });
  const own = part.trials.filter(({ block }) => block >= part.fromBlock);
  const measured = own.filter(({ phase }) => phase === 'measure');
  const disturbed = measured.filter(({ noise }) => (noise?.flags.length ?? 0) > 0).length;
  return {
    headlines,
    night: {
      kind: 'night',
      ...whenOf(run, host),
      began: run.config.labels[beganLabel] ?? run.startedAt,
      run: run.runId,
      stage,
      status: part.isWhole ? 'measured' : run.status === 'failed' ? 'failed' : 'interrupted',
      reason: options.reason ?? reasonOf(run, part.isWhole, headlines.length),
      headlines: headlines.length,
      minutes: minutesOf(own),
      aa: aaCheck === null ? null : { rms: aaCheck.rms, widening: aaCheck.widening },
      disturbed: measured.length === 0 ? 0 : disturbed / measured.length,
    },
  };
}

/** The headlines of a run's watched runtimes, over its blocks from `fromBlock` on; empty if the run has no pinned copies. */
export function headlinesOf(
  { run, trials, measurements, analysis }: ComparedRun & { readonly trials: readonly TrialRecord[] },
  workloads: readonly Workload[],
  options: { readonly stage: NightLine['stage']; readonly host: string; readonly fromBlock: number },
): readonly HeadlineLine[] {
  const pins = pinsOf(run);
  if (pins.size === 0) return [];
  const widening = analysis.aaCheck?.widening ?? 1;
  return headlineLines({
    run,
    measurements,
    trials,
    workloads,
    pins,
    widening,
    learning: run.config.labels[learningLabel] !== undefined,
    ...options,
    digest: shortDigest,
  });
}

/** The first 16 hex digits of a sha256. */
function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Watched runtime → its pinned copy. */
function pinsOf({ runtimes }: Pick<RunRecord, 'runtimes'>): ReadonlyMap<string, string> {
  const names = new Set(runtimes.map(({ entry }) => entry.name));
  return new Map([...names].filter((name) => names.has(pinName(name))).map((name) => [name, pinName(name)]));
}

function partOf(run: RunRecord, trials: readonly TrialRecord[], stage: NightLine['stage']) {
  const { extensions = [], ...own } = run;
  const last = extensions.at(-1);
  if (stage === 'confirmation')
    return { run, trials, fromBlock: last?.fromBlock ?? 0, isWhole: run.status === 'complete' };
  const [first] = extensions;
  return {
    run: own,
    trials: first === undefined ? trials : trials.filter(({ block }) => block < first.fromBlock),
    fromBlock: 0,
    // A run can be extended only after it is complete.
    isWhole: first !== undefined || run.status === 'complete',
  };
}

function reasonOf({ status, checks }: RunRecord, isWhole: boolean, figures: number): string {
  const failed = checks.filter((check) => check.status === 'fail').map(({ id }) => id);
  const parts = [
    ...(isWhole ? [] : [status === 'interrupted' ? words.interrupted : words.cutOff]),
    ...(figures === 0 ? [words.silent] : []),
    ...(failed.length === 0 ? [] : [words.checks({ names: failed.join(', ') })]),
  ];
  return parts.map(({ text }) => text).join('; ');
}

/** Total time of the trials, warm-up blocks included, min. Works for a killed run, too. */
function minutesOf(trials: readonly TrialRecord[]): number {
  const ns = trials.reduce((sum, { marks }) => sum + (marks.at(-1)?.atNs ?? 0), 0);
  return Math.round(ns / 6e9) / 10;
}
