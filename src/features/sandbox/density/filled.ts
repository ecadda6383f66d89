import { median } from 'simple-statistics';
import type { TrialWithOutcome } from '../../../core/model/trial/trial-outcome.ts';
import { ofFirstPlace } from '../place.ts';
import { type Knee, kneeIn } from './knee.ts';
import { type Step, stepsIn } from './step.ts';

/** A host that was filled with sandboxes of one runtime, by all trials of a test. */
export interface Filled {
  readonly runtime: string;
  readonly workload: string;
  /** With its parameters. */
  readonly subject: string;
  readonly trials: number;
  /** Trials of it that failed, of which nothing is here. */
  readonly failed: number;
  /** Medians over the trials, of the numbers of sandboxes that all of them reached. */
  readonly steps: readonly Step[];
  /** `fit`: median over the trials, as everywhere in the report; the cause is that of the trial with the fewest: what may break. */
  readonly knee: Pick<Knee, 'cause' | 'fit'>;
}

/** The hosts filled by measured trials of the first profile, layer and engine of a test. */
export function filledIn(
  trials: readonly TrialWithOutcome[],
  runtimes: readonly string[],
): readonly Filled[] {
  const own = trials.filter(
    ({ trial: { cell, phase }, outcome }) =>
      phase === 'measure' &&
      (outcome.status === 'ok' || outcome.status === 'failed' || outcome.status === 'timed-out') &&
      cell.workload.startsWith('density/') &&
      runtimes.includes(cell.runtime),
  );
  const alike = ofFirstPlace(
    own,
    ({ trial }) => trial.cell,
    ({ outcome }) => outcome.status === 'ok',
  );
  const groups = Map.groupBy(alike, ({ trial: { cell } }) =>
    JSON.stringify([cell.workload, cell.params, cell.runtime]),
  );
  const filled = [...groups.values()].flatMap((all): readonly Filled[] => {
    const members = all.filter(({ outcome }) => outcome.status === 'ok');
    const cell = members[0]?.trial.cell;
    const knees = members.flatMap(({ trial }) => kneeIn(trial.figures) ?? []);
    const [knee] = knees.toSorted((a, b) => a.fit - b.fit);
    if (cell === undefined || knee === undefined) return [];
    const steps = stepsOf(members.map(({ trial }) => stepsIn(trial.figures)));
    const subject = `${cell.workload} ${cell.params}`.trim();
    const fit = median(knees.map((each) => each.fit));
    return [
      {
        runtime: cell.runtime,
        workload: cell.workload,
        subject,
        trials: members.length,
        failed: all.length - members.length,
        steps,
        knee: { cause: knee.cause, fit },
      },
    ];
  });
  return filled.toSorted((a, b) => (a.subject < b.subject ? -1 : Number(a.subject > b.subject)));
}

function stepsOf(trials: readonly (readonly Step[])[]): readonly Step[] {
  const byCount = Map.groupBy(trials.flat(), ({ count }) => count);
  return [...byCount]
    .filter(([, same]) => same.length === trials.length)
    .toSorted(([a], [b]) => a - b)
    .map(([count, same]) => {
      const of = (reading: 'resident' | 'startMedian' | 'answerP95') => {
        const values = same.flatMap((step) => step[reading] ?? []);
        return values.length === 0 ? {} : { [reading]: median(values) };
      };
      return { count, ...of('resident'), ...of('startMedian'), ...of('answerP95') };
    });
}
