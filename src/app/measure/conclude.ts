import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { analyze } from '../../core/analyze/analyze.ts';
import type { ComparedRun } from '../../core/analyze/runs/compare-runs.ts';
import { categoryFinder, deriveTrial } from '../../core/analyze/values/derive.ts';
import { type EffectiveTrial, effectiveTrials } from '../../core/analyze/values/effective-trial.ts';
import { uncountedRuntimes } from '../../core/analyze/values/uncounted.ts';
import { type StoredInvocation, sayAnywhere, sayInFiles } from '../../core/messages/command.ts';
import type { Analysis } from '../../core/model/analysis/analysis.ts';
import type { ResolvedConfig, RunRecord } from '../../core/model/run/run.ts';
import { type RunComparison, runComparisonSchema } from '../../core/model/run/run-comparison.ts';
import type { TrialRecord } from '../../core/model/trial/trial.ts';
import type { Measurement } from '../../core/model/workload/metric.ts';
import type { Workload } from '../../core/model/workload/workload.ts';
import { removeNames } from '../../core/store/files.ts';
import { anonymous } from '../../report/anonymous.ts';
import { chartFile, charts as makeCharts } from '../../report/charts/index.ts';
import type { ReportInput } from '../../report/context.ts';
import { type PagePictures, pictureSpecs } from '../../report/document/page-parts.ts';
import { type OutputText, renderNumbers, renderTexts, reportFiles } from '../../report/report.ts';
import type { Pictures, Store } from '../store.ts';

/** Output directories of a run: `results/<runId>` and `charts/<runId>` below one directory. */
export interface OutputDirectories {
  readonly results: string;
  readonly charts: string;
}

/** The output directories of a run below `--out`. */
export function outputPlace(out: string, runId: string): OutputDirectories {
  return { results: join(out, 'results', runId), charts: join(out, 'charts', runId) };
}

/** Points `results/latest` and `charts/latest` at a run. A run without a report has no charts. */
export async function pointLatestTo(
  store: Pick<Store, 'pointLatest'>,
  place: OutputDirectories,
  report = true,
): Promise<void> {
  for (const path of report ? [place.results, place.charts] : [place.results])
    await store.pointLatest(dirname(path), basename(path));
}

/** The analysis of a stored run, and the files written from it. */
export interface RunConclusion {
  /** The record as the files show it (without names, if they are withheld). */
  readonly run: RunRecord;
  readonly analysis: Analysis;
  readonly files: readonly string[];
}

/** Analyses the records of a run with the current parsers. */
export function analysisOf(
  run: RunRecord,
  trials: readonly TrialRecord[],
  workloads: readonly Workload[],
): {
  readonly effective: readonly EffectiveTrial[];
  readonly measurements: readonly Measurement[];
  readonly analysis: Analysis;
} {
  const categoryOf = categoryFinder({ run, workloads });
  const subjects = run.subjects.map((subject) => ({ ...subject, category: categoryOf(subject.workload) }));
  const placed = { ...run, subjects };
  const effective = effectiveTrials(trials, workloads);
  const place = { run, uncounted: uncountedRuntimes(run, trials) };
  const measurements = effective.flatMap((trial) =>
    deriveTrial(trial, categoryOf(trial.trial.cell.workload), place),
  );
  const analysis = analyze({ run: placed, measurements, workloads, trials, effective });
  return { effective, measurements, analysis };
}

/** Compares the run with an earlier one; null where there is none to compare with. */
export type EarlierComparison = (after: ComparedRun) => RunComparison | null;

/** File of the comparison: the earlier run may be gone when the report is made again. */
export const sinceFile = 'changes.json';

/** Inputs and outputs of {@link conclude}. */
export interface ConcludeOptions {
  readonly run: RunRecord;
  readonly trials: readonly TrialRecord[];
  readonly workloads: readonly Workload[];
  readonly lang: ResolvedConfig['lang'];
  readonly place: OutputDirectories;
  readonly withhold?: readonly string[] | null;
  /** Ignored where names are withheld: the earlier run could contain them. */
  readonly since?: EarlierComparison;
  /** false: writes only analysis.json and CSV, no report and no charts. */
  readonly report?: boolean;
  /**
   * How commands in the files are spelled. null: canonical; default: as this process was started, usable from any directory.
   */
  readonly called?: StoredInvocation | null;
}

/** The functions of the store that write reports. */
type ConcludeStore = Pick<Store, 'hasRun' | 'removeManifest' | 'writeManifest' | 'writeTogether'>;

/**
 * Writes analysis.json, CSV, reports and charts from raw records, and last the manifest of a run directory. Needs no engine and
 * is repeatable. `withhold`: names to remove from every file, together with the host's name, addresses and paths.
 */
export async function conclude(
  { store, pictures }: { readonly store: ConcludeStore; readonly pictures: Pictures },
  options: ConcludeOptions,
): Promise<RunConclusion> {
  const { place, report = true } = options;
  const { run, analysis, files } = await filesOf(pictures, options);
  // Only a run directory gets a manifest: reports elsewhere have no records beside them.
  const isRun = await store.hasRun(place.results);
  if (isRun) await store.removeManifest(place.results);
  // All files or none: on failure, the previous report stays complete.
  await store.writeTogether(files);
  const written = [...files.keys()];
  await removeOtherCharts(place.charts, written);
  if (!written.includes(join(place.results, sinceFile))) await removeNames(place.results, [sinceFile]);
  // Reports of an earlier rendering would contradict the new numbers.
  if (!report) await removeNames(place.results, reportFiles);
  if (isRun) await store.writeManifest(place.results);
  return { run, analysis, files: written };
}

/** All files made from the records of a run: path → content. Writes nothing; the same records give the same bytes. */
export async function filesOf(
  pictures: Pictures,
  options: ConcludeOptions,
): Promise<{
  readonly run: RunRecord;
  readonly analysis: Analysis;
  readonly files: ReadonlyMap<string, string | Uint8Array>;
}> {
  const { run: recorded, trials, workloads, lang, place, since } = options;
  const { withhold = null, report = true, called } = options;
  const whole = { run: recorded, ...analysisOf(recorded, trials, workloads) };
  const { run, effective, measurements, analysis } = withhold === null ? whole : anonymous(whole, withhold);
  const files = new Map<string, string | Uint8Array>();
  const changes = report && withhold === null ? (since?.(whole) ?? null) : null;
  const input = { run, analysis, measurements, trials: effective, lang, changes };
  if (changes !== null) files.set(join(place.results, sinceFile), comparisonJson(changes));
  const isAnybodys = withhold !== null || called === null;
  const say = <T>(make: () => T) => (isAnybodys ? sayAnywhere(make) : sayInFiles(make, called));
  const texts = report
    ? await drawReport(pictures, input, { files, place, say })
    : say(() => renderNumbers(input));
  for (const text of texts) files.set(join(place[text.directory], text.path), text.content);
  return { run, analysis, files };
}

/** Keys in the schema's order, so that a file that was read and written again has the same bytes. */
function comparisonJson(changes: RunComparison): string {
  return `${JSON.stringify(runComparisonSchema.parse(changes), null, 2)}\n`;
}

/** Draws the charts into `files`; returns the report's texts. */
async function drawReport(
  pictures: Pictures,
  input: ReportInput,
  {
    files,
    place,
    say,
  }: {
    readonly files: Map<string, string | Uint8Array>;
    readonly place: OutputDirectories;
    /** Calls `make` with commands spelled for the reader of the files. */
    say<T>(make: () => T): T;
  },
): Promise<readonly OutputText[]> {
  const charts = say(() => makeCharts(input));
  const svgs: Record<string, PagePictures> = {};
  const drawn: { readonly id: string; readonly picture: Awaited<ReturnType<Pictures['chart']>> }[] = [];
  for (const chart of charts) {
    if ('absent' in chart) continue;
    drawn.push({ id: chart.id, picture: await pictures.chart(chart.spec) });
    // report.html prints the title as text above the picture.
    const { wide, narrow } = pictureSpecs(chart);
    svgs[chart.id] = { wide: await pictures.svg(wide), narrow: await pictures.svg(narrow) };
  }
  const chartsHref = `../../charts/${input.run.runId}`;
  const script = await pictures.pageScript();
  const texts = say(() => renderTexts({ ...input, charts, svgs, script, chartsHref }));
  for (const { id, picture } of drawn) {
    files.set(join(place.charts, `${id}.svg`), picture.svg);
    files.set(join(place.charts, `${id}.png`), await picture.png);
  }
  return texts;
}

/**
 * Removes the charts of an earlier rendering that this one did not write. Removes only files with the name of a chart
 * of ocibench. The directory may be missing where no chart was drawn.
 */
async function removeOtherCharts(directory: string, written: readonly string[]): Promise<void> {
  const others = await otherCharts(directory, written);
  await removeNames(
    directory,
    others.map((path) => basename(path)),
  );
}

/** The charts in a directory that are not among `made`: of an earlier rendering, or somebody else's. */
export async function otherCharts(directory: string, made: readonly string[]): Promise<readonly string[]> {
  const present = await readdir(directory).catch(() => []);
  return present
    .filter((name) => chartFile.test(name))
    .map((name) => join(directory, name))
    .filter((path) => !made.includes(path))
    .toSorted();
}
