import type { SummaryRow, TaughtCase, TaughtClaim, TaughtId } from '../model/analysis.ts';
import { identityOf } from '../model/cell.ts';
import { costRatio, type RatioEstimate } from '../model/cost-ratio.ts';
import type { RunRecord } from '../model/run.ts';
import type { RuntimeFacts, RuntimeFamily } from '../model/runtime.ts';
import type { Taught } from '../runtimes/family.ts';
import { families, familyOf } from '../runtimes/registry.ts';

type Outcome = TaughtCase['outcome'];

/** A statement as it is taught, and the family that it speaks of. */
interface Statement extends Taught {
  readonly family: RuntimeFamily;
}

const statements: readonly Statement[] = families
  .flatMap(({ id: family, taught }) => taught.map((one) => ({ ...one, family })))
  .toSorted((a, b) => a.order - b.order);

/** Does a statement speak of comparisons to this family of baselines? */
function isAgainst({ against }: Statement, reference: RuntimeFamily | undefined): boolean {
  return against === 'host-kernel' ? familyOf(reference).kernel === 'host' : against === reference;
}

/**
 * What courses teach about runtimes, held against the rows of a run: an entry for every runtime that a statement speaks of
 * (found by its family, whatever its name is), or one that says why there is none.
 *
 * A range holds for a comparison where the whole interval of the cost lies in it, and fails where it lies wholly outside. A
 * mere difference ("faster") holds and fails by the row's verdict, and so beyond the practical threshold and the noise only;
 * where the verdict leaves open whether there is one, no range above 1 is told either.
 */
export function taughtClaims(run: RunRecord, rows: readonly SummaryRow[]): TaughtClaim[] {
  const { baseline } = run.config;
  const reference = run.runtimes.find(({ entry }) => entry.name === baseline)?.family;
  return statements.flatMap((statement) => {
    const { id, family } = statement;
    const own = run.runtimes.filter(
      (runtime) => runtime.family === family && runtime.entry.name !== baseline,
    );
    if (own.length === 0) return [notMeasurable(id, null, reference === family ? 'baseline' : 'no-runtime')];
    return own.map((runtime) => {
      const { name } = runtime.entry;
      if (runtime.preflight.status === 'unavailable') return notMeasurable(id, name, 'unavailable');
      if (!isAgainst(statement, reference)) return notMeasurable(id, name, 'baseline');
      return judged(statement, runtime, rows);
    });
  });
}

function notMeasurable(
  id: TaughtId,
  runtime: string | null,
  reason: NonNullable<TaughtClaim['reason']>,
): TaughtClaim {
  return { id, runtime, status: 'not-measurable', reason, cases: [] };
}

function judged(
  { id, about, claim }: Statement,
  { entry }: RuntimeFacts,
  rows: readonly SummaryRow[],
): TaughtClaim {
  const cases = rows
    .filter((row) => row.runtime === entry.name && subjects[about](row))
    .flatMap((row): TaughtCase[] => {
      const cost = costRatio(row);
      if (cost === null || row.metric === null) return [];
      const { runtime: _, ...subject } = identityOf(row);
      const { metric } = row;
      const { ratio: factor, low, high } = cost;
      return [{ ...subject, metric, factor, low, high, outcome: judge(claim, row, cost) }];
    })
    .toSorted((a, b) => a.factor - b.factor);
  if (cases.length === 0) return notMeasurable(id, entry.name, 'nothing-measured');
  return { id, runtime: entry.name, status: statusOf(cases), reason: null, cases };
}

/**
 * The statement as a whole: `partly` where it holds for some and fails for others; else `confirmed` or `refuted`, if more
 * than half of the comparisons are decided; else `undecided`.
 */
function statusOf(cases: readonly TaughtCase[]): TaughtClaim['status'] {
  const count = (wanted: Outcome) => cases.filter(({ outcome }) => outcome === wanted).length;
  const holds = count('holds');
  const decided = cases.length - count('undecided');
  if (holds > 0 && decided > holds) return 'partly';
  if (2 * decided <= cases.length) return 'undecided';
  return holds > 0 ? 'confirmed' : 'refuted';
}

/** Times waited and rates: what "fast" and "slow" are about. CPU time and memory used are not, nor what has no better. */
function isSpeed({ headline, unit, better, category }: SummaryRow): boolean {
  const time = (unit === 'ns' || unit === 'ns/op') && better === 'lower';
  const rate = (unit === 'ops/s' || unit === 'bytes/s') && better === 'higher';
  return headline && category !== 'isolation' && (time || rate);
}

/** Headlines of the category startup that are not about a start. */
const notStarts = ['exec.to_output', 'pause.round', 'stop.time'];

function isStart(row: SummaryRow): boolean {
  return isSpeed(row) && row.category === 'startup' && !notStarts.includes(row.metric ?? '');
}

/** Memory used by whole sandboxes; and the peak of one that prints a line and ends, where runtimes themselves are most of it. */
function isMemory({ headline, workload, metric, unit, better }: SummaryRow): boolean {
  if (unit !== 'bytes' || better !== 'lower') return false;
  return headline || (workload === 'startup/echo' && metric === 'memory.peak');
}

const subjects: Readonly<Record<Taught['about'], (row: SummaryRow) => boolean>> = {
  speed: isSpeed,
  start: isStart,
  memory: isMemory,
};

function judge(claim: Taught['claim'], { verdict }: SummaryRow, { low, high }: RatioEstimate): Outcome {
  if (typeof claim === 'object') {
    if (low === null || high === null) return 'undecided';
    if (high < claim.atLeast) return 'below';
    // Both of the others say that it is slower at all, which is for the verdict to say.
    if (verdict !== 'slower') return 'undecided';
    if (low > claim.atMost) return 'above';
    return low >= claim.atLeast && high <= claim.atMost ? 'holds' : 'undecided';
  }
  if (verdict === 'inconclusive') return 'undecided';
  const expected = claim === 'cheaper' ? ['faster', 'less'] : ['slower', 'more'];
  return verdict !== null && expected.includes(verdict) ? 'holds' : 'fails';
}
