import { medianSorted } from 'simple-statistics';
import { parseParams } from '../../../core/model/cell.ts';
import type { TrialRecord } from '../../../core/model/trial.ts';
import type { ReportContext } from '../../../report/context.ts';
import { commandMarks, timeOf } from './latencies.ts';

export const ttiWorkload = 'sandbox/tti';

/** The time by which a number of sandboxes have answered, over the trials of a runtime, ns since the first create call. */
interface RampPoint {
  readonly ready: number;
  readonly medianNs: number;
  readonly leastNs: number;
  /** Infinity where fewer sandboxes ever answered in a trial. */
  readonly greatestNs: number;
}

/** How the sandboxes of one runtime become ready. */
interface Ramp {
  readonly runtime: string;
  /** Trials behind it. */
  readonly n: number;
  /** Sandboxes of these trials that failed. */
  readonly failed: number;
  /** From the first sandbox to the last that answers in at least half of the trials. */
  readonly points: readonly RampPoint[];
}

/** The ramps of one parameter set. */
export interface RampPicture {
  readonly params: string;
  readonly mode: string;
  readonly count: number;
  readonly ramps: readonly Ramp[];
}

/** When the sandboxes of a trial answered, ascending, ns. */
function answersOf({ copies }: TrialRecord): readonly number[] {
  return copies.flatMap(({ marks }) => timeOf(marks, commandMarks.output) ?? []).toSorted((a, b) => a - b);
}

function rampOf(runtime: string, trials: readonly TrialRecord[], count: number): Ramp {
  const answers = trials.map(answersOf);
  const points = Array.from({ length: count }, (_, i): RampPoint => {
    const times = answers.map((own) => own[i] ?? Number.POSITIVE_INFINITY).toSorted((a, b) => a - b);
    return {
      ready: i + 1,
      medianNs: medianSorted(times),
      leastNs: times[0] ?? Number.NaN,
      greatestNs: times.at(-1) ?? Number.NaN,
    };
  });
  const answered = answers.reduce((sum, own) => sum + own.length, 0);
  return {
    runtime,
    n: trials.length,
    failed: trials.length * count - answered,
    points: points.filter(({ medianNs }) => Number.isFinite(medianNs)),
  };
}

/** Most pictures of a report: the largest bursts, and the largest staggered trial. */
const most = { burst: 2, staggered: 1 } as const;

/**
 * The ramps of the largest bursts and of staggered trials, of the first profile, layer and engine. Empty where none succeeded;
 * null where the run scheduled none.
 */
export function rampsIn({ trials, runtimes, run }: ReportContext): readonly RampPicture[] | null {
  if (!run.subjects.some(({ workload }) => workload === ttiWorkload)) return null;
  const all = trials.flatMap(({ trial, outcome }) =>
    trial.cell.workload === ttiWorkload && trial.phase === 'measure' && outcome.status === 'ok'
      ? [trial]
      : [],
  );
  const first = all[0]?.cell;
  const alike = all.filter(
    ({ cell }) =>
      cell.profile === first?.profile && cell.layer === first.layer && cell.engine === first.engine,
  );
  const pictures = [...Map.groupBy(alike, ({ cell }) => cell.params)].map(([params, members]) => {
    const { mode = '', count: asked } = parseParams(params);
    const count = Number(asked);
    const ramps = runtimes.flatMap((runtime) => {
      const own = members.filter(({ cell }) => cell.runtime === runtime);
      return own.length === 0 ? [] : [rampOf(runtime, own, count)];
    });
    return { params, mode, count, ramps };
  });
  return (['burst', 'staggered'] as const).flatMap((mode) =>
    pictures
      .filter((picture) => picture.mode === mode && picture.ramps.length > 0)
      .toSorted((a, b) => b.count - a.count)
      .slice(0, most[mode]),
  );
}
