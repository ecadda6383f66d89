import type { Lang, Message } from '../core/messages/message.ts';
import { translate } from '../core/messages/translate.ts';
import type { Analysis, FactRow, SummaryRow } from '../core/model/analysis.ts';
import { isOfFirstProfile } from '../core/model/container-profile.ts';
import type { Measurement } from '../core/model/metric.ts';
import type { RunRecord } from '../core/model/run.ts';
import type { RunComparison } from '../core/model/run-comparison.ts';
import type { TrialRecord } from '../core/model/trial.ts';
import type { TrialWithOutcome } from '../core/model/trial-outcome.ts';
import type { Workload } from '../core/model/workload.ts';
import { formatConfidence, formatPercent } from './format.ts';
import { orderRows, rowsOfRuntimes, runtimeNames } from './labels.ts';

/** Input of every report and chart. */
export interface ReportInput {
  readonly run: RunRecord;
  readonly analysis: Analysis;
  readonly measurements: readonly Measurement[];
  /** One entry per trial id. */
  readonly trials: readonly TrialWithOutcome[];
  readonly lang: Lang;
  /** What changed since the run before; absent or null where there is none that is comparable. */
  readonly changes?: RunComparison | null;
  /** What features add to it, by their key: see {@link ReportData}. */
  readonly added?: Readonly<Record<string, unknown>>;
}

/**
 * Data of the run that a feature's own charts and sections read: the default export of a file in its `report-data/`. The same
 * records give the same data.
 */
export interface ReportData {
  readonly key: string;
  /** `path`: the run's directory, for what the feature keeps there. OcibenchError (exit 2) where that is damaged. */
  of(stored: {
    readonly path: string;
    readonly run: RunRecord;
    readonly trials: readonly TrialRecord[];
    readonly workloads: readonly Workload[];
  }): Promise<unknown>;
}

/** A message in the language of the report. */
export type Translate = (message: Message) => string;

/** An analysis, with what the terminal and all reports derive from it. */
export interface AnalysisContext extends Pick<ReportInput, 'run' | 'analysis' | 'lang'> {
  readonly t: Translate;
  /** Baseline first, then in the order of daemon.json. */
  readonly runtimes: readonly string[];
  /** All rows of runtimes, in report order. */
  readonly rows: readonly SummaryRow[];
  /** What was found under the run's first profile. */
  readonly facts: readonly FactRow[];
  /** Confidence level and practical threshold as text, such as `95%` and `5%`. */
  readonly confidence: string;
  readonly band: string;
}

/** The input, with what several sections and charts derive from it. */
export interface ReportContext extends ReportInput, AnalysisContext {
  /** Row number of a summary row in summary.csv; row 1 holds the column names. */
  readonly csvRows: ReadonlyMap<SummaryRow, number>;
}

/** Derives the context once for all sections and charts of a run. */
export function reportContext(input: ReportInput): ReportContext {
  return {
    ...input,
    ...analysisContext(input),
    csvRows: new Map(input.analysis.rows.map((row, i) => [row, i + 2])),
  };
}

/** Derives what needs no single values or trials. */
export function analysisContext({
  run,
  analysis,
  lang,
}: Pick<ReportInput, 'run' | 'analysis' | 'lang'>): AnalysisContext {
  const runtimes = runtimeNames(run, analysis);
  return {
    run,
    analysis,
    lang,
    t: (message) => translate(message, lang),
    runtimes,
    facts: analysis.facts.filter((fact) => isOfFirstProfile(fact, run)),
    rows: orderRows(rowsOfRuntimes(analysis), runtimes),
    confidence: formatConfidence(analysis.thresholds.confidence, lang),
    band: formatPercent(analysis.thresholds.practical, lang, analysis.thresholds.practical < 0.01 ? 1 : 0),
  };
}

/** Names of the runtimes that cannot run here at all. */
export function unavailableRuntimes({ run }: Pick<ReportInput, 'run'>): readonly string[] {
  return run.runtimes
    .filter(({ preflight }) => preflight.status === 'unavailable')
    .map(({ entry }) => entry.name);
}
