import type { Lang, Message } from '../core/messages/message.ts';
import { translate } from '../core/messages/translate.ts';
import type { Analysis, FactRow, SummaryRow } from '../core/model/analysis/analysis.ts';
import type { RunRecord } from '../core/model/run/run.ts';
import type { RunComparison } from '../core/model/run/run-comparison.ts';
import { isOfFirstProfile } from '../core/model/runtime/container-profile.ts';
import type { TrialWithOutcome } from '../core/model/trial/trial-outcome.ts';
import type { Measurement } from '../core/model/workload/metric.ts';
import { formatConfidence, formatPercent } from './document/format.ts';
import { orderRows, rowsOfRuntimes, runtimeNames } from './document/labels.ts';
import { shownRows } from './findings/shown-rows.ts';

/** Input of every report and chart. */
export interface ReportInput {
  readonly run: RunRecord;
  readonly analysis: Analysis;
  readonly measurements: readonly Measurement[];
  /** One entry per trial id. */
  readonly trials: readonly TrialWithOutcome[];
  readonly lang: Lang;
  /** Changes since the previous run, or why it was not compared; absent or null without one. */
  readonly changes?: RunComparison | null;
}

/** A message in the language of the report. */
export type Translate = (message: Message) => string;

/** An analysis, with values derived for the terminal and all reports. */
export interface AnalysisContext extends Pick<ReportInput, 'run' | 'analysis' | 'lang'> {
  readonly t: Translate;
  /** Baseline first, then in the order of daemon.json. */
  readonly runtimes: readonly string[];
  /** All rows of runtimes as they are shown ({@link shownRows}), in report order. */
  readonly rows: readonly SummaryRow[];
  /** Row number of each of them in summary.csv; row 1 holds the column names. */
  readonly csvRows: ReadonlyMap<SummaryRow, number>;
  /** Facts under the run's first profile. */
  readonly facts: readonly FactRow[];
  /** Confidence level and practical threshold as text, such as `95%` and `5%`. */
  readonly confidence: string;
  readonly band: string;
}

/** The input, with values derived for several sections and charts. */
export interface ReportContext extends ReportInput, AnalysisContext {}

/** Derives the context once for all sections and charts of a run. */
export function reportContext(input: ReportInput): ReportContext {
  return { ...input, ...analysisContext(input) };
}

/** Derives the values that need no single measurements or trials. */
export function analysisContext({
  run,
  analysis,
  lang,
}: Pick<ReportInput, 'run' | 'analysis' | 'lang'>): AnalysisContext {
  const runtimes = runtimeNames(run, analysis);
  const shown = shownRows(analysis.rows);
  return {
    run,
    analysis,
    lang,
    t: (message) => translate(message, lang),
    runtimes,
    facts: analysis.facts.filter((fact) => isOfFirstProfile(fact, run)),
    rows: orderRows(rowsOfRuntimes({ rows: shown }), runtimes),
    csvRows: new Map(shown.map((row, i) => [row, i + 2])),
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
