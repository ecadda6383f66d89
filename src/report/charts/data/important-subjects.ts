import type { Message } from '../../../core/messages/message.ts';
import type { SummaryRow } from '../../../core/model/analysis.ts';
import type { ReportContext } from '../../context.ts';
import { headlineCosts, standingOf } from '../../headline-cost.ts';
import { subjectLabel } from '../../labels.ts';
import { chartWords } from '../grammar/words.ts';

/** The rows of the most important subjects, as many as fit. */
interface ImportantSubjects<T> {
  readonly rows: readonly T[];
  /** Subjects drawn, and all subjects. */
  readonly shown: number;
  readonly total: number;
}

/** Maximum number of subjects: more runtimes make higher pictures. */
const maxPictures = (runtimes: number) => (runtimes > 4 ? 4 : 6);

/**
 * The rows of the subjects that fit. Where not all do, those with a claimed difference come first, and of each kind those
 * whose cost is furthest from the baseline's.
 */
export function importantSubjects<T extends SummaryRow>(
  rows: readonly T[],
  context: ReportContext,
): ImportantSubjects<T> {
  const subjects = [...new Set(rows.map(subjectLabel))];
  const runtimes = new Set(rows.map(({ runtime }) => runtime)).size;
  const most = maxPictures(runtimes);
  const bySubject = Map.groupBy(headlineCosts(context.rows, context.analysis.baseline), ({ row }) =>
    subjectLabel(row),
  );
  const weights = new Map(subjects.map((subject) => [subject, weightOf(bySubject.get(subject) ?? [])]));
  const weight = (subject: string) => weights.get(subject) ?? { claimed: 0, effect: 0 };
  const chosen =
    subjects.length <= most
      ? subjects
      : subjects
          .toSorted((a, b) => weight(b).claimed - weight(a).claimed || weight(b).effect - weight(a).effect)
          .slice(0, most);
  return {
    rows: chosen.flatMap((subject) => rows.filter((row) => subjectLabel(row) === subject)),
    shown: chosen.length,
    total: subjects.length,
  };
}

/** Does a runtime's cost differ for sure (1 or 0), and how far from the baseline's is the furthest (log of the ratio)? */
function weightOf(costs: ReturnType<typeof headlineCosts>) {
  const isClaim = (row: SummaryRow) => ['worse', 'better', 'differs'].includes(standingOf(row) ?? '');
  const claims = costs.filter(({ row }) => isClaim(row));
  const some = claims.length > 0 ? claims : costs;
  return {
    claimed: claims.length > 0 ? 1 : 0,
    effect: Math.max(0, ...some.map(({ cost }) => Math.abs(Math.log(cost.ratio)))),
  };
}

/** Note for a caption where not all subjects are drawn. */
export function subjectsLeftOut({ shown, total }: ImportantSubjects<unknown>): Message | false {
  return shown < total && chartWords.subjectsShown({ shown, all: total });
}
