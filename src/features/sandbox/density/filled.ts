import { median } from 'simple-statistics';
import type { TrialWithOutcome } from '../../../core/model/trial-outcome.ts';
import { type Knee, kneeIn } from './knee.ts';
import { type Step, stepsIn } from './step.ts';

/** A host that was filled with sandboxes of one runtime, by all trials of a test. */
export interface Filled {
  readonly runtime: string;
  /** Workload and parameters. */
  readonly subject: string;
  readonly trials: number;
  /** Medians over the trials that came so far. */
  readonly steps: readonly Step[];
  /** Of the trial with the fewest sandboxes: what may break. */
  readonly knee: Pick<Knee, 'cause' | 'fit'>;
}

/** The hosts filled by successful, measured trials of the first profile, layer and engine of a test. */
export function filledIn(
  trials: readonly TrialWithOutcome[],
  runtimes: readonly string[],
): readonly Filled[] {
  const own = trials.filter(
    ({ trial: { cell, phase }, outcome }) =>
      phase === 'measure' &&
      outcome.status === 'ok' &&
      cell.workload.startsWith('density/') &&
      runtimes.includes(cell.runtime),
  );
  const first = own[0]?.trial.cell;
  const alike = own.filter(
    ({ trial: { cell } }) =>
      cell.profile === first?.profile && cell.layer === first.layer && cell.engine === first.engine,
  );
  const groups = Map.groupBy(alike, ({ trial: { cell } }) =>
    JSON.stringify([cell.workload, cell.params, cell.runtime]),
  );
  const filled = [...groups.values()].flatMap((members): readonly Filled[] => {
    const cell = members[0]?.trial.cell;
    const knees = members.flatMap(({ trial }) => kneeIn(trial.figures) ?? []);
    const [knee] = knees.toSorted((a, b) => a.fit - b.fit);
    if (cell === undefined || knee === undefined) return [];
    const steps = stepsOf(members.map(({ trial }) => stepsIn(trial.figures)));
    const subject = `${cell.workload} ${cell.params}`.trim();
    return [{ runtime: cell.runtime, subject, trials: members.length, steps, knee }];
  });
  return filled.toSorted((a, b) => (a.subject < b.subject ? -1 : Number(a.subject > b.subject)));
}

function stepsOf(trials: readonly (readonly Step[])[]): readonly Step[] {
  const byCount = Map.groupBy(trials.flat(), ({ count }) => count);
  return [...byCount]
    .toSorted(([a], [b]) => a - b)
    .map(([count, same]) => {
      const of = (reading: 'resident' | 'startMedian' | 'answerP95') => {
        const values = same.flatMap((step) => step[reading] ?? []);
        return values.length === 0 ? {} : { [reading]: median(values) };
      };
      return { count, ...of('resident'), ...of('startMedian'), ...of('answerP95') };
    });
}
