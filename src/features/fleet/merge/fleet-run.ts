import type { CategoryEstimate, SummaryRow } from '../../../core/model/analysis/analysis.ts';
import { costRatio } from '../../../core/model/analysis/cost-ratio.ts';
import type { RunRecord } from '../../../core/model/run/run.ts';
import { type Cell, identityOf, subjectKey } from '../../../core/model/trial/cell.ts';
import type { Category } from '../../../core/model/workload/metric.ts';
import type { Block } from '../../../report/document/document.ts';
import type { FleetAnalysis } from './fleet-analysis.ts';
import { type HostFactValues, hostFactsOf } from './host-facts.ts';
import { type ImpossibleFigure, impossibleOf, whatOf } from './impossible.ts';
import { missingOf, type RunMissing } from './missing.ts';
import { type LogMean, logMeanOf } from './stats/log-mean.ts';

/** A measured cost of a run: the logarithm of a factor of the baseline. */
export interface RunCost extends LogMean {
  /**
   * Key of the question, which is another one on each architecture: the same image holds other programs there. Answers with one
   * key but different `work` are not comparable.
   */
  readonly key: string;
  /** Key of the work: definitions, images, baseline. */
  readonly work: string;
  /** Architecture of the host. */
  readonly arch: string;
  readonly low: number | null;
  readonly high: number | null;
}

/** A headline of a run. */
export interface RunHeadline extends RunCost {
  readonly cell: Cell;
  readonly category: Category;
  readonly metric: string;
  readonly unit: NonNullable<SummaryRow['unit']>;
  readonly better: NonNullable<SummaryRow['better']>;
  readonly baseline: string;
  readonly definition: string | null;
  readonly image: string | null;
}

/** A category of a run. */
export interface RunCategory extends RunCost {
  readonly runtime: string;
  readonly category: Category;
  readonly layer: CategoryEstimate['layer'];
  readonly engine: string | undefined;
  readonly baseline: string;
  readonly subjects: number;
}

/** Source of a run's figures. */
export interface FleetSource {
  /** Path as given. */
  readonly origin: string;
  readonly from: 'analysis' | 'records';
  /** Its own page, relative to the fleet's directory; null if it has none. */
  readonly report: string | null;
  /** sha256 of its raw records; null if they are missing. */
  readonly records: string | null;
  /** Fingerprints of its trials; none where its figures were not made from the records. */
  readonly prints: readonly string[];
  /** What its figures answer in the lab exercise; empty unless it was asked for. */
  readonly answers: readonly Block[];
  readonly manifest: 'whole' | 'changed' | 'missing';
  /** Pseudonym of its host in published runs; null if the record has no host id. */
  readonly pseudonym: string | null;
}

/** The part of a run that a fleet needs. */
export interface FleetRun extends FleetSource {
  readonly runId: string;
  readonly status: RunRecord['status'];
  readonly startedAt: string;
  readonly harnessVersion: string;
  readonly extended: boolean;
  readonly resumed: boolean;
  readonly thresholds: RunRecord['config']['thresholds'];
  readonly host: RunRecord['host'];
  readonly facts: HostFactValues;
  readonly trials: number;
  readonly runtimes: readonly { readonly name: string; readonly family: string }[];
  readonly comparisons: readonly RunHeadline[];
  readonly categories: readonly RunCategory[];
  /** What it could not run. */
  readonly missing: readonly RunMissing[];
  /** Figures that are in neither list, since no measurement gives them. */
  readonly impossible: readonly ImpossibleFigure[];
}

/** Selects the part of a run and its analysis that a fleet needs. */
export function fleetRun(run: RunRecord, analysis: FleetAnalysis, source: FleetSource): FleetRun {
  const rows = comparisonsOf(run, analysis);
  const comparisons = rows.filter(isPossible);
  const wrong = rows.filter(isImpossible);
  const categories = categoriesOf(run, analysis, comparisons, wrong);
  return {
    ...source,
    runId: run.runId,
    status: run.status,
    startedAt: run.startedAt,
    harnessVersion: run.harnessVersion,
    extended: (run.extensions ?? []).length > 0,
    resumed: run.resumed !== undefined,
    thresholds: run.config.thresholds,
    host: run.host,
    facts: hostFactsOf(run),
    trials: analysis.trials.ok + analysis.trials.failed,
    runtimes: run.runtimes.map(({ entry, family }) => ({ name: entry.name, family })),
    comparisons,
    categories: categories.filter(isPossible),
    impossible: [...wrong, ...categories.filter(isImpossible)],
    missing: missingOf(run, analysis.rows),
  };
}

function isImpossible(of: RunCost | ImpossibleFigure): of is ImpossibleFigure {
  return 'figure' in of;
}

function isPossible<A extends RunCost>(of: A | ImpossibleFigure): of is A {
  return !isImpossible(of);
}

/** Tested headlines that are costs: excludes isolation, and floors, which are not runtimes. */
function comparisonsOf(run: RunRecord, { rows }: FleetAnalysis): readonly (RunHeadline | ImpossibleFigure)[] {
  const { arch } = run.host;
  const subjects = new Map(
    run.subjects.map((subject) => [
      workKey({ ...subject, layer: subject.layer ?? 'docker', engine: subject.engine }),
      subject,
    ]),
  );
  const images = new Map(run.images.map(({ recipe, contentHash }) => [recipe, contentHash]));
  const families = new Map(run.runtimes.map(({ entry, family }) => [entry.name, family]));
  return rows.flatMap((row): (RunHeadline | ImpossibleFigure)[] => {
    const { category, metric, unit, better, baseline } = row;
    if (!row.headline || row.layer === 'floor' || category === 'isolation' || row.p === null) return [];
    if (metric === null || unit === null || better === null || better === 'neither') return [];
    const cell = identityOf(row);
    const key = [arch, row.runtime, subjectKey(cell), metric].join('|');
    const figure = impossibleOf([row.ratio, row.ratioCiLow, row.ratioCiHigh]);
    if (figure !== null) return [{ key, place: placeOf(row, arch), what: whatOf(row), figure }];
    const cost = costRatio(row);
    if (cost === null) return [];
    const subject = subjects.get(workKey(cell));
    const definition = subject?.definition ?? null;
    const image = (subject === undefined ? undefined : images.get(subject.image)) ?? null;
    const { low, high } = cost;
    return [
      {
        ...logMeanOf(cost.ratio, low, high, row.pairs),
        low,
        high,
        cell,
        category,
        metric,
        unit,
        better,
        baseline,
        definition,
        image,
        key,
        arch,
        work: [
          definition ?? '',
          image ?? subject?.image ?? '',
          baseline,
          row.baselineEngine ?? '',
          families.get(row.runtime) ?? '',
        ].join('|'),
      },
    ];
  });
}

function workKey({ layer, workload, params, engine = '' }: Omit<Cell, 'runtime' | 'profile'>): string {
  return [layer, workload, params, engine].join('|');
}

/** Key of a category. */
function placeOf(
  of: Pick<RunCategory, 'runtime' | 'category' | 'layer'> & { readonly engine?: string | undefined },
  arch: string,
): string {
  return [arch, of.runtime, of.category, of.layer, of.engine ?? ''].join('|');
}

/**
 * Categories, with the work of all their subjects: hosts with other subjects answer another question. Those with a subject whose
 * figure is impossible are left out.
 */
function categoriesOf(
  { host: { arch } }: RunRecord,
  { categories, baseline }: FleetAnalysis,
  comparisons: readonly RunHeadline[],
  wrong: readonly ImpossibleFigure[],
): readonly (RunCategory | ImpossibleFigure)[] {
  const members = Map.groupBy(comparisons, ({ cell, category }) => placeOf({ ...cell, category }, arch));
  const spoilt = new Set(wrong.map(({ place }) => place));
  return categories.flatMap((own): (RunCategory | ImpossibleFigure)[] => {
    const { runtime, category, layer, engine, subjects, blocks, cost, low, high } = own;
    const key = placeOf(own, arch);
    const figure = impossibleOf([cost, low, high]);
    const what = whatOf({ runtime, layer, workload: category, params: '' });
    if (figure !== null) return [{ key, place: key, what, figure }];
    if (spoilt.has(key)) return [];
    const work = (members.get(key) ?? []).map((one) => `${one.key}|${one.work}`).toSorted();
    return [
      {
        ...logMeanOf(cost, low, high, blocks),
        runtime,
        category,
        layer,
        engine,
        baseline,
        subjects,
        low,
        high,
        key,
        arch,
        work: work.join('\n'),
      },
    ];
  });
}
