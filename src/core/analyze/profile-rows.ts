import { workKey } from '../model/cell.ts';
import { firstProfile, isOfFirstProfile } from '../model/container-profile.ts';
import type { RunRecord } from '../model/run.ts';
import type { Draft } from './claims.ts';
import { directRows } from './direct-rows.ts';
import { emptyRow } from './empty-row.ts';
import type { RowContext } from './row-context.ts';
import type { Subject } from './subjects.ts';

/** The same work under the first of several profiles, which the others are compared with; null where there is none. */
export function underFirstProfile(
  subjects: readonly Subject[],
  run: Pick<RunRecord, 'config'>,
): (subject: Pick<Subject, 'identity'>) => Subject | null {
  const key = ({ identity }: Pick<Subject, 'identity'>) => `${workKey(identity)}|${identity.engine ?? ''}`;
  const first = subjects.filter(({ identity }) => isOfFirstProfile(identity, run));
  const byWork = new Map(first.map((subject) => [key(subject), subject]));
  return (subject) => byWork.get(key(subject)) ?? null;
}

/**
 * Every runtime under each further profile, beside itself under the first. Both ran in the same blocks. Unlike other direct
 * comparisons these rows are the only ones of their cells: one without values keeps a row that says why.
 */
export function profileRows(subjects: readonly Subject[], context: RowContext): Draft[] {
  const { run } = context;
  const first = firstProfile(run.config);
  const referenceOf = underFirstProfile(subjects, run);
  return subjects.flatMap((subject) => {
    if (isOfFirstProfile(subject.identity, run)) return [];
    const reference = referenceOf(subject);
    return context.runtimes.flatMap((runtime) => {
      const against = { baseline: runtime, baselineProfile: first };
      const cell = subject.cells.get(runtime);
      const pair = { question: 'profile' as const, subject, against };
      const rows =
        cell === undefined
          ? []
          : directRows({ ...pair, cell, reference: reference?.cells.get(runtime) ?? null }, context);
      if (rows.some(({ row }) => row.headline)) return rows;
      const metric = cell !== undefined && cell.samples.size > 0 ? subject.headline : null;
      const empty = emptyRow(subject, runtime, metric, context);
      return [{ ...empty, row: { ...empty.row, ...against } }, ...rows];
    });
  });
}
