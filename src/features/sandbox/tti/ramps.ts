import { medianSorted } from 'simple-statistics';
import { parseParams } from '../../../core/model/trial/cell.ts';
import { timeOf } from '../../../core/model/trial/evidence.ts';
import type { TrialRecord } from '../../../core/model/trial/trial.ts';
import type { TrialWithOutcome } from '../../../core/model/trial/trial-outcome.ts';
import type { ReportContext } from '../../../report/context.ts';
import { type CellPlace, ofFirstPlace } from '../place.ts';
import { commandMarks } from './latencies.ts';

export const ttiWorkload = 'sandbox/tti';

/** The time by which a number of sandboxes have answered, over the trials of a runtime, ns since the first create call. */
interface RampPoint {
  readonly ready: number;
  readonly medianNs: number;
  readonly leastNs: number;
  readonly greatestNs: number;
}

/** How the sandboxes of one runtime become ready. */
interface Ramp {
  readonly runtime: string;
  /** Trials behind it. */
  readonly n: number;
  /** From the first sandbox to the last. */
  readonly points: readonly RampPoint[];
}

/** The ramps of one parameter set. */
export interface RampPicture {
  readonly params: string;
  readonly mode: string;
  readonly count: number;
  /** The first profile, layer and engine, which it shows. */
  readonly of: CellPlace;
  readonly ramps: readonly Ramp[];
  /** Runtimes of which trials failed, ramp or not. */
  readonly failing: readonly { readonly runtime: string; readonly failed: number; readonly all: number }[];
}

/** When the sandboxes of a trial answered, ascending, ns. */
function answersOf({ copies }: TrialRecord): readonly number[] {
  return copies.flatMap(({ marks }) => timeOf(marks, commandMarks.output) ?? []).toSorted((a, b) => a - b);
}

function rampOf(runtime: string, trials: readonly TrialRecord[], count: number): Ramp {
  const answers = trials.map(answersOf);
  const points = Array.from({ length: count }, (_, i): RampPoint => {
    const times = answers.flatMap((own) => own[i] ?? []).toSorted((a, b) => a - b);
    return {
      ready: i + 1,
      medianNs: medianSorted(times),
      leastNs: times[0] ?? Number.NaN,
      greatestNs: times.at(-1) ?? Number.NaN,
    };
  });
  return { runtime, n: trials.length, points };
}

/** Most pictures of a report: the largest bursts, and the largest staggered trial. */
const most = { burst: 2, staggered: 1 } as const;

/**
 * The ramps of the largest bursts and of staggered trials, of the first profile, layer and engine. Empty where none succeeded;
 * null where the run scheduled none.
 */
export function rampsIn({ trials, runtimes, run }: ReportContext): readonly RampPicture[] | null {
  if (!run.subjects.some(({ workload }) => workload === ttiWorkload)) return null;
  const all = trials.filter(
    ({ trial, outcome }) =>
      trial.cell.workload === ttiWorkload &&
      trial.phase === 'measure' &&
      ['ok', 'failed', 'timed-out'].includes(outcome.status),
  );
  const isOk = ({ outcome }: TrialWithOutcome) => outcome.status === 'ok';
  const alike = ofFirstPlace(all, ({ trial }) => trial.cell, isOk);
  const of = alike[0]?.trial.cell;
  if (of === undefined) return [];
  const pictures = [...Map.groupBy(alike, ({ trial }) => trial.cell.params)].map(([params, members]) => {
    const { mode = '', count: asked } = parseParams(params);
    const count = Number(asked);
    const groups = runtimes.map((runtime) => {
      const own = members.filter(({ trial }) => trial.cell.runtime === runtime);
      return { runtime, all: own.length, succeeded: own.filter(isOk).map(({ trial }) => trial) };
    });
    const ramps = groups.flatMap(({ runtime, succeeded }) =>
      succeeded.length === 0 ? [] : [rampOf(runtime, succeeded, count)],
    );
    const failing = groups.flatMap((group) => {
      const failed = group.all - group.succeeded.length;
      return failed === 0 ? [] : [{ runtime: group.runtime, failed, all: group.all }];
    });
    return { params, mode, count, of, ramps, failing };
  });
  return (['burst', 'staggered'] as const).flatMap((mode) =>
    pictures
      .filter((picture) => picture.mode === mode && picture.ramps.length > 0)
      .toSorted((a, b) => b.count - a.count)
      .slice(0, most[mode]),
  );
}
