import type { SummaryRow, TaughtCase, TaughtClaim, TaughtId } from '../model/analysis.ts';
import { identityOf } from '../model/cell.ts';
import { costRatio, type RatioEstimate } from '../model/cost-ratio.ts';
import type { RunRecord } from '../model/run.ts';
import type { RuntimeFacts, RuntimeFamily } from '../model/runtime.ts';
import type { CourseClaim } from '../runtimes/family.ts';
import { families, familyOf } from '../runtimes/registry.ts';

type TaughtOutcome = TaughtCase['outcome'];

/** A taught statement, and the family that it is about. */
interface TaughtStatement extends CourseClaim {
  readonly family: RuntimeFamily;
}

const statements: readonly TaughtStatement[] = families
  .flatMap(({ id: family, taught }) => taught.map((one) => ({ ...one, family })))
  .toSorted((a, b) => a.order - b.order);

/** True if a statement compares with this family of baselines. */
function comparesWith({ against }: TaughtStatement, reference: RuntimeFamily | undefined): boolean {
  return against === 'host-kernel' ? familyOf(reference).kernel === 'host' : against === reference;
}

/**
 * Compare common statements about runtimes with the rows of a run. The result has an entry for every runtime that a
 * statement is about (by its family, whatever its name), or an entry that says why there is none.
 *
 * A range holds for a comparison where the whole interval of the cost lies in it, and fails where it lies wholly
 * outside. A mere difference ("faster") holds or fails by the row's verdict, so only beyond the practical threshold.
 * Where the verdict leaves the difference open, a range above 1 has no outcome either.
 *
 * Nothing is judged by a guest whose processor was emulated, since its times and memory are the emulator's. `emulated`:
 * the runtimes of such guests.
 */
export function taughtClaims(
  run: RunRecord,
  rows: readonly SummaryRow[],
  emulated: { readonly has: (runtime: string) => boolean },
): TaughtClaim[] {
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
      if (!comparesWith(statement, reference)) return notMeasurable(id, name, 'baseline');
      if (emulated.has(name)) return notMeasurable(id, name, 'emulated-guest');
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
  { id, about, claim }: TaughtStatement,
  { entry }: RuntimeFacts,
  rows: readonly SummaryRow[],
): TaughtClaim {
  const own = rows.filter((row) => row.runtime === entry.name && subjects[about](row));
  const cases = own
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
  // Starts, system calls and files alone do not tell how much slower programs are.
  if (typeof claim === 'object' && !own.some((row) => isApplication(row) && costRatio(row) !== null))
    return { id, runtime: entry.name, status: 'undecided', reason: 'no-application', cases };
  return { id, runtime: entry.name, status: statusOf(cases), reason: null, cases };
}

/**
 * Status of the whole statement: `partly` where it holds for some comparisons and fails for others. Otherwise
 * `confirmed` or `refuted`, if more than half of the comparisons are decided; else `undecided`.
 */
function statusOf(cases: readonly TaughtCase[]): TaughtClaim['status'] {
  const count = (wanted: TaughtOutcome) => cases.filter(({ outcome }) => outcome === wanted).length;
  const holds = count('holds');
  const decided = cases.length - count('undecided');
  if (holds > 0 && decided > holds) return 'partly';
  if (2 * decided <= cases.length) return 'undecided';
  return holds > 0 ? 'confirmed' : 'refuted';
}

/**
 * True for waiting times and rates, which "fast" and "slow" are about. CPU time and memory are not, nor metrics without
 * a direction.
 */
function isSpeed({ headline, unit, better, category }: SummaryRow): boolean {
  const time = (unit === 'ns' || unit === 'ns/op') && better === 'lower';
  const rate = (unit === 'ops/s' || unit === 'bytes/s') && better === 'higher';
  return headline && category !== 'isolation' && (time || rate);
}

/** True for applications and for CPU-bound work. */
function isApplication({ category }: SummaryRow): boolean {
  return category === 'app' || category === 'cpu';
}

/** Headlines of the category startup that do not measure a start. */
const notStarts = ['exec.to_output', 'pause.round', 'stop.time'];

function isStart(row: SummaryRow): boolean {
  return isSpeed(row) && row.category === 'startup' && !notStarts.includes(row.metric ?? '');
}

/**
 * True for the memory of whole sandboxes, and for the peak memory of a sandbox that prints a line and ends, where most
 * is the runtime's own.
 */
function isMemory({ headline, workload, metric, unit, better }: SummaryRow): boolean {
  if (unit !== 'bytes' || better !== 'lower') return false;
  return headline || (workload === 'startup/echo' && metric === 'memory.peak');
}

const subjects: Readonly<Record<CourseClaim['about'], (row: SummaryRow) => boolean>> = {
  speed: isSpeed,
  start: isStart,
  memory: isMemory,
};

function judge(
  claim: CourseClaim['claim'],
  { verdict, p }: SummaryRow,
  { low, high }: RatioEstimate,
): TaughtOutcome {
  // Where nothing may be tested, as among survivors, an interval shows nothing either.
  if (p === null) return 'undecided';
  if (typeof claim === 'object') {
    if (low === null || high === null) return 'undecided';
    if (high < claim.atLeast) return 'below';
    // The other two outcomes require that the runtime is slower at all, which the verdict decides.
    if (verdict !== 'slower') return 'undecided';
    if (low > claim.atMost) return 'above';
    return low >= claim.atLeast && high <= claim.atMost ? 'holds' : 'undecided';
  }
  if (verdict === 'inconclusive') return 'undecided';
  const expected = claim === 'cheaper' ? ['faster', 'less'] : ['slower', 'more'];
  return verdict !== null && expected.includes(verdict) ? 'holds' : 'fails';
}
