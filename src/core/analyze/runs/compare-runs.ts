import type { Analysis, SummaryRow } from '../../model/analysis/analysis.ts';
import { verdictWords } from '../../model/analysis/cost-ratio.ts';
import type { RunRecord } from '../../model/run/run.ts';
import type { HeadlineChange, RunComparison } from '../../model/run/run-comparison.ts';
import type { SessionSpread, SessionSpreads } from '../../model/run/session-spread.ts';
import { type Cell, cellKey, identityOf } from '../../model/trial/cell.ts';
import type { Measurement } from '../../model/workload/metric.ts';
import { decideVerdict } from '../claims/verdict.ts';
import { baselineValues } from '../rows/comparison.ts';
import { referenceArms } from '../rows/subjects.ts';
import { holm } from '../stats/holm.ts';
import { type CellSamples, collectSamples } from '../values/samples.ts';
import { differences } from './provenance.ts';
import { type IntervalSettings, type RunChange, runChange } from './run-change.ts';
import { type SessionVariance, usedVariance, usualSession } from './session-variance.ts';

/** True for figures that divide a page by the number of processes of the host that map it. */
function isProportional(metric: string): boolean {
  return metric === 'memory.footprint' || metric === 'density.footprint' || metric.startsWith('pss.');
}

/** Number of foreign shims and sandboxes on the host when the run began; null where unknown. */
function foreignSandboxes({ checks }: Pick<RunRecord, 'checks'>): number | null {
  const found = checks.find(({ id }) => id === 'foreign-sandboxes');
  if (found === undefined || found.status === 'unknown') return null;
  if (found.status === 'ok') return 0;
  const n = found.messages?.detail?.values?.n;
  return typeof n === 'number' ? n : null;
}

/** One of the two runs, with its measurements. */
export interface ComparedRun {
  readonly run: RunRecord;
  readonly analysis: Analysis;
  readonly measurements: readonly Measurement[];
}

interface ChangeDraft extends Pick<RunChange, 'logs' | 'p'> {
  /** The variance of one session, which is in the interval; null where unknown. */
  readonly session: SessionVariance | null;
  readonly change: Omit<HeadlineChange, 'pAdjusted' | 'verdict'>;
}

/**
 * Compare two runs: the change of every headline that both have. The runs are unpaired, so the estimate is that of two
 * independent samples of logarithms (Hodges–Lehmann, rank-sum).
 *
 * Runtimes other than the baseline are compared by their ratio to it within each block: a slower host slows both. The
 * baseline is compared by its own values, the only ones that show a change of the host. Under a further profile each
 * runtime is compared by its ratio to itself under the first. A change is claimed as within a run: the interval
 * excludes 1, the effect exceeds the practical threshold, and Holm's method over all comparisons leaves p below alpha.
 * Where the A/A check of a run widens its intervals, it widens those of the change.
 *
 * A figure that depends on other processes of the host (PSS) counts as changed only where both runs had as many foreign
 * sandboxes beside them.
 *
 * The variance of both sessions is in the error of every change: blocks of one session are more alike than two sessions of the
 * same software. `spreads`: how much sessions of this host differ (`ocibench fleet combine`); nothing is claimed of what they do not
 * know. Without it, {@link usualSession} is taken.
 *
 * The caller ensures that the two runs are comparable (`differences`), and that the spreads are of their host; the result
 * keeps the accepted differences.
 */
export function compareRuns(
  before: ComparedRun,
  after: ComparedRun,
  spreads: SessionSpreads | null = null,
): RunComparison {
  const { thresholds, baseline } = after.run.config;
  const samples = { before: samplesOf(before), after: samplesOf(after) };
  const widening = Math.max(...[before, after].map(({ analysis }) => analysis.aaCheck?.widening ?? 1));
  const sureness = { confidence: 1 - thresholds.alpha, widening };
  const spreadOf = spreadFinder(spreads, baseline);
  const earlier = new Map(headlines(before).map((row) => [cellKey(row), row]));
  const later = headlines(after);
  const [wasBeside, isBeside] = [foreignSandboxes(before.run), foreignSandboxes(after.run)];
  const sameNeighbours = wasBeside !== null && wasBeside === isBeside;
  const drafts = later.flatMap((row): ChangeDraft[] => {
    const was = earlier.get(cellKey(row));
    return was === undefined || was.metric !== row.metric || was.baselineProfile !== row.baselineProfile
      ? []
      : draft(row, samples, baseline, sureness, spreads === null ? usualSession : spreadOf(row));
  });
  // All claims of a comparison are corrected together.
  const tested = drafts.filter(({ p }) => p !== null);
  const adjusted = holm(tested.map(({ p }) => p ?? 1));
  const pOf = new Map(tested.map((one, index) => [one, adjusted[index] ?? 1]));
  const changes = drafts.map((one): HeadlineChange => {
    const pAdjusted = pOf.get(one) ?? null;
    const { metric, unit, better } = one.change;
    const found = decideVerdict(one.logs, pAdjusted, thresholds, verdictWords(metric, unit, better));
    const comparable = sameNeighbours || !isProportional(metric);
    const known = one.session !== null;
    return { ...one.change, pAdjusted, verdict: comparable && known ? found : 'inconclusive' };
  });
  const proportional = changes.filter(({ metric }) => isProportional(metric));
  return {
    before: before.run.runId,
    after: after.run.runId,
    baseline,
    accepted: [...differences(before.run, after.run)],
    changes,
    neighbours:
      sameNeighbours || proportional.length === 0
        ? null
        : {
            workloads: [...new Set(proportional.map(({ workload }) => workload))],
            was: wasBeside,
            is: isBeside,
          },
    unmatched: earlier.size + later.length - 2 * changes.length,
    ...(spreads === null
      ? {}
      : {
          sessions: {
            runs: spreads.sessions.map(({ runId }) => runId),
            unknown: drafts.filter(({ session }) => session === null).length,
          },
        }),
  };
}

/** True if any of the changes is a regression. */
export function hasRegression({ changes }: Pick<RunComparison, 'changes'>): boolean {
  return changes.some(isRegression);
}

/** True for a claimed change in the direction that the metric calls worse. */
export function isRegression({
  verdict,
  ratio,
  better,
}: Pick<HeadlineChange, 'verdict' | 'ratio' | 'better'>): boolean {
  const claimed = verdict === 'faster' || verdict === 'slower' || verdict === 'less' || verdict === 'more';
  if (!claimed || ratio === null || better === 'neither') return false;
  return better === 'lower' ? ratio > 1 : ratio < 1;
}

/** Rows of headlines that have values and a direction; facts are not compared, nor the tools of the layer `floor`. */
function headlines({ analysis }: ComparedRun): readonly SummaryRow[] {
  return [...analysis.rows, ...(analysis.profiles ?? [])].filter(
    (row) => row.headline && row.n > 0 && row.category !== 'isolation' && row.layer !== 'floor',
  );
}

/** Is it a row of the baseline, of which only its own values can change? */
function isOwn({ runtime, baselineProfile }: SummaryRow, baseline: string): boolean {
  return runtime === baseline && baselineProfile === undefined;
}

/** Finds what is known of the sessions of a row; null where nothing is. */
function spreadFinder(
  spreads: SessionSpreads | null,
  baseline: string,
): (row: SummaryRow) => SessionVariance | null {
  if (spreads === null) return () => null;
  const keyOf = (of: Cell & Pick<SummaryRow, 'metric' | 'baselineProfile'>) =>
    [cellKey(of), of.metric, of.baselineProfile ?? ''].join('|');
  const [own, others] = [spreads.baselines, spreads.comparisons].map(
    (all) => new Map(all.map((spread) => [keyOf(spread), spread])),
  );
  return (row) => {
    const found = (isOwn(row, baseline) ? own : others)?.get(keyOf(row));
    return found === undefined ? null : varianceOf(found);
  };
}

function varianceOf({ sessions, tau, sharedTau }: SessionSpread): SessionVariance {
  const shared = sharedTau === null ? null : Math.log(sharedTau) ** 2;
  return usedVariance(sessions, Math.log(tau) ** 2, shared);
}

/** A run's values by cell. */
interface RunSamples {
  readonly cells: ReadonlyMap<string, CellSamples>;
  readonly run: RunRecord;
}

function samplesOf({ run, measurements }: ComparedRun): RunSamples {
  return { cells: collectSamples(measurements), run };
}

function draft(
  row: SummaryRow,
  samples: { readonly before: RunSamples; readonly after: RunSamples },
  baseline: string,
  sureness: IntervalSettings,
  session: SessionVariance | null,
): ChangeDraft[] {
  const { metric, unit, better, category } = row;
  if (metric === null || unit === null || better === null) return [];
  const basis = isOwn(row, baseline) ? 'absolute' : 'relative';
  const was = logs(row, metric, samples.before, basis);
  const is = logs(row, metric, samples.after, basis);
  if (was === null || is === null || was.length === 0 || is.length === 0) return [];
  const { figures, ...judged } = runChange(was, is, sureness, session);
  const tau = session === null ? {} : { tau: Math.exp(Math.sqrt(session.variance)) };
  return [
    {
      ...judged,
      session,
      change: {
        ...identityOf(row),
        category,
        metric,
        unit,
        better,
        basis,
        ...figures,
        ...tau,
      },
    },
  ];
}

/**
 * Logarithms of a cell's values, or of their ratios to the baseline in the same block; null where one is not positive.
 */
function logs(
  { baselineProfile, ...cell }: Cell & Pick<SummaryRow, 'baselineProfile'>,
  metric: string,
  { cells, run }: RunSamples,
  basis: HeadlineChange['basis'],
): number[] | null {
  const nothing = new Map<number, number>();
  const valuesOf = (runtime: string, profile = cell.profile) =>
    cells.get(cellKey({ ...cell, runtime, profile }))?.samples.get(metric)?.byBlock ?? nothing;
  const arms =
    baselineProfile === undefined
      ? referenceArms(cell.runtime, run).map((arm) => valuesOf(arm))
      : [valuesOf(cell.runtime, baselineProfile)];
  const [first = nothing, second = nothing] = arms;
  const reference = basis === 'absolute' ? null : baselineValues(first, second);
  const found: number[] = [];
  for (const [block, value] of valuesOf(cell.runtime)) {
    const divisor = reference === null ? 1 : reference.get(block);
    if (divisor === undefined) continue;
    if (value <= 0 || divisor <= 0) return null;
    found.push(Math.log(value) - Math.log(divisor));
  }
  return found;
}
