import { type LogMean, logMeanOf } from '../../../core/analyze/stats/log-mean.ts';
import type { Analysis, CategoryEstimate, SummaryRow } from '../../../core/model/analysis.ts';
import { type Cell, identityOf, subjectKey } from '../../../core/model/cell.ts';
import { costRatio } from '../../../core/model/cost-ratio.ts';
import type { Category } from '../../../core/model/metric.ts';
import type { RunRecord } from '../../../core/model/run.ts';
import { conditionFacts } from './condition-facts.ts';
import { missingOf, type RunMissing } from './missing.ts';

/** Fact → value of a host, by one of its runs. */
export type HostFactValues = Readonly<Record<string, string>>;

const bytesPerGiB = 2 ** 30;

/**
 * Known facts that may explain differences of cost between hosts. `kernel` is only the series, since releases differ on nearly
 * every host. The version of a runtime has the id `runtime.NAME`.
 */
function hostFactsOf(run: RunRecord): HostFactValues {
  const { host, engine, runtimes, harnessVersion } = run;
  const facts: Readonly<Record<string, string | null | undefined>> = {
    kernel: /^\d+\.\d+/.exec(host.kernel)?.[0] ?? host.kernel,
    release: host.kernel,
    os: host.os,
    arch: host.arch,
    cpu: host.cpuModel,
    cpus: String(host.cpus),
    memory: `${Math.round(host.memoryBytes / bytesPerGiB)} GiB`,
    hypervisor: host.hypervisor ?? 'none',
    emulation: host.emulation ?? 'none',
    mitigations: mitigations(host.mitigations),
    cgroup: host.cgroup,
    governor: host.governor,
    smt: host.smt === null ? null : host.smt ? 'on' : 'off',
    clocksource: host.clocksource,
    ...conditionFacts(run),
    engine: engine.kind,
    engineVersion: [engine.product ?? 'Docker', engine.version].join(' '),
    cgroupDriver: engine.cgroupDriver,
    storageDriver: engine.storageDriver,
    ocibench: harnessVersion,
    ...Object.fromEntries(
      runtimes.map(({ entry, version, platform }) => [
        `runtime.${entry.name}`,
        version === null ? null : [version, ...(platform === null ? [] : [platform])].join(', '),
      ]),
    ),
  };
  return Object.fromEntries(
    Object.entries(facts).flatMap(([fact, value]): [string, string][] =>
      typeof value === 'string' && value !== '' ? [[fact, value]] : [],
    ),
  );
}

/** Mitigations without details, which differ between kernels that do the same. */
function mitigations(states: Readonly<Record<string, string>>): string {
  return Object.entries(states)
    .filter(([, state]) => !state.startsWith('Not affected'))
    .map(([name, state]) => `${name}: ${state.split(/[;,]/)[0] ?? state}`)
    .toSorted()
    .join('; ');
}

/** A measured cost of a run: the logarithm of a factor of the baseline. */
interface RunCost extends LogMean {
  /** Key of the question. Answers with one key but different `work` are not comparable. */
  readonly key: string;
  /** Key of the work: definitions, images, baseline. */
  readonly work: string;
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
}

/** The parts of an analysis that a fleet reads from analysis.json. */
export type FleetAnalysis = Pick<Analysis, 'trials' | 'baseline'> & {
  /** Only headlines are needed. */
  readonly rows: readonly (Pick<
    SummaryRow,
    | keyof Cell
    | 'category'
    | 'metric'
    | 'unit'
    | 'better'
    | 'headline'
    | 'baseline'
    | 'baselineEngine'
    | 'pairs'
    | 'ratio'
    | 'ratioCiLow'
    | 'ratioCiHigh'
    | 'p'
  > &
    Pick<SummaryRow, 'messages'> & {
      /** Absent in rows that have a value. */
      readonly n?: number | undefined;
      readonly failures?: number | undefined;
      readonly note?: string | undefined;
    })[];
  readonly categories: readonly Pick<
    CategoryEstimate,
    'runtime' | 'category' | 'layer' | 'engine' | 'subjects' | 'blocks' | 'cost' | 'low' | 'high'
  >[];
};

/** Selects the part of a run and its analysis that a fleet needs. */
export function fleetRun(run: RunRecord, analysis: FleetAnalysis, source: FleetSource): FleetRun {
  const comparisons = comparisonsOf(run, analysis);
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
    categories: categoriesOf(analysis, comparisons),
    missing: missingOf(run, analysis.rows),
  };
}

/** Tested headlines that are costs: excludes isolation, and floors, which are not runtimes. */
function comparisonsOf(run: RunRecord, { rows }: FleetAnalysis): readonly RunHeadline[] {
  const subjects = new Map(
    run.subjects.map((subject) => [
      workKey({ ...subject, layer: subject.layer ?? 'docker', engine: subject.engine }),
      subject,
    ]),
  );
  const images = new Map(run.images.map(({ recipe, contentHash }) => [recipe, contentHash]));
  const families = new Map(run.runtimes.map(({ entry, family }) => [entry.name, family]));
  return rows.flatMap((row): RunHeadline[] => {
    const { category, metric, unit, better, baseline } = row;
    if (!row.headline || row.layer === 'floor' || category === 'isolation' || row.p === null) return [];
    if (metric === null || unit === null || better === null || better === 'neither') return [];
    const cost = costRatio(row);
    if (cost === null || !Number.isFinite(cost.ratio)) return [];
    const cell = identityOf(row);
    const subject = subjects.get(workKey(cell));
    const definition = subject?.definition ?? null;
    const image = (subject === undefined ? undefined : images.get(subject.image)) ?? null;
    const { low, high } = cost;
    return [
      {
        ...logMeanOf(cost.ratio, low, high, row.pairs),
        ...{ low, high, cell, category, metric, unit, better, baseline, definition, image },
        key: [row.runtime, subjectKey(cell), metric].join('|'),
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

/** Categories, with the work of all their subjects: hosts with other subjects answer another question. */
function categoriesOf(
  { categories, baseline }: FleetAnalysis,
  comparisons: readonly RunHeadline[],
): readonly RunCategory[] {
  const placeOf = (of: Pick<RunCategory, 'runtime' | 'category' | 'layer' | 'engine'>) =>
    [of.runtime, of.category, of.layer, of.engine ?? ''].join('|');
  const members = Map.groupBy(comparisons, ({ cell, category }) =>
    placeOf({ runtime: cell.runtime, category, layer: cell.layer, engine: cell.engine }),
  );
  return categories.flatMap((own): RunCategory[] => {
    const { runtime, category, layer, engine, subjects, blocks, cost, low, high } = own;
    if (!(cost > 0) || !Number.isFinite(cost)) return [];
    const key = placeOf({ runtime, category, layer, engine });
    const work = (members.get(key) ?? []).map((one) => `${one.key}|${one.work}`).toSorted();
    return [
      {
        ...logMeanOf(cost, low, high, blocks),
        ...{ runtime, category, layer, engine, baseline, subjects, low, high, key, work: work.join('\n') },
      },
    ];
  });
}
