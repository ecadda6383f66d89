import { quantile } from 'simple-statistics';
import type { RunRecord } from '../../src/core/model/run.ts';
import type { Application } from '../../src/features/capacity/predict/applications.ts';
import { attributionOf } from '../../src/features/capacity/predict/attribution.ts';
import { costTable } from '../../src/features/capacity/predict/costs.ts';
import { samplesUnder } from '../../src/features/capacity/predict/predict.ts';
import { outOfRange } from '../../src/features/capacity/predict/range.ts';
import { type Excess, type Page, type Part, percent } from './page.ts';
import { type Recorded, recordedRuns } from './prediction-data.ts';
import { measuredHalfWidth } from './prediction-noise.ts';
import { errorOf, type Row, rowsOf } from './prediction-rows.ts';

const confidence = 0.9;
/** What a prediction of CPU time must reach under gVisor's systrap. */
const limits = { median: 0.1, p90: 0.2 } as const;

const signed = (share: number) => `${share < 0 ? '−' : '+'}${percent(Math.abs(share))}`;

function timeOf(ns: number): string {
  const [unit, factor] = ns >= 1e6 ? (['ms', 1e6] as const) : (['µs', 1e3] as const);
  return `${(ns / factor).toPrecision(3)} ${unit}`;
}

function coverOf({ low, high, subjectNs }: Row): string {
  if (low === null || high === null) return '';
  return subjectNs >= low && subjectNs <= high ? 'yes' : 'no';
}

/** A row, and what a prediction would be refused for: the class, or else the kind. */
interface Judged extends Row {
  readonly refused: readonly string[];
  /** Of the interval of the measured slow-down, half its width; null where there is none. */
  readonly halfWidth: number | null;
}

/** What `ocibench predict` would refuse it for, by what the other applications have shown. */
function refusedFor(row: Row, applications: readonly Application[]): readonly string[] {
  const own = applications.find(
    ({ workload, params }) => workload === row.application && params === row.params,
  );
  const others = applications.filter(({ workload }) => workload !== row.application);
  const found =
    own === undefined
      ? []
      : outOfRange(
          own.demand,
          others.map(({ demand }) => demand),
          row.model.costs,
        );
  return [...new Set(found.map(({ kind, feature }) => feature ?? kind))];
}

function applicationRows(page: Page, rows: readonly Judged[]): void {
  page.table([
    ...['application', 'native', 'measured', 'measured ±', 'predicted', 'error', 'interval', 'covered'],
    ...['refused for', 'mean slow-down', 'calls', 'form'],
  ]);
  for (const row of rows)
    page.row([
      `${row.application} ${row.params}`.trim(),
      ...[row.nativeNs, row.subjectNs].map(timeOf),
      row.halfWidth === null ? '' : percent(row.halfWidth),
      timeOf(row.predictedNs),
      signed(errorOf(row, row.predictedNs)),
      row.low === null || row.high === null ? '' : `${timeOf(row.low)} … ${timeOf(row.high)}`,
      coverOf(row),
      row.refused.join(', '),
      ...[row.meanNs, row.callsNs].map((ns) => signed(errorOf(row, ns))),
      `${row.model.candidate.name}, ${row.model.candidate.ridge}`,
    ]);
}

/** Errors of one way to predict. */
function errorsOf(rows: readonly Row[], predicted: (row: Row) => number) {
  const errors = rows.map((row) => Math.abs(errorOf(row, predicted(row))));
  return { median: quantile(errors, 0.5), p90: quantile(errors, 0.9) };
}

function summary(page: Page, rows: readonly Judged[], isJudged: boolean): void {
  page.table([
    ...['model', 'parameter sets', 'median error', '90th percentile'],
    `within the ${percent(confidence)} interval`,
  ]);
  const answered = rows.filter(({ refused }) => refused.length === 0);
  for (const [name, own] of [
    ['ocibench', rows],
    ['ocibench, where it does not refuse', answered],
  ] as const) {
    if (own.length === 0) continue;
    const { median, p90 } = errorsOf(own, ({ predictedNs }) => predictedNs);
    const bounded = own.filter((row) => coverOf(row) !== '');
    const covered = bounded.filter((row) => coverOf(row) === 'yes').length;
    const isOver = median > limits.median || p90 > limits.p90;
    const excess: Excess = isJudged && own === rows && isOver ? 'broken' : 'none';
    page.row(
      [name, String(own.length), percent(median), percent(p90), `${covered} of ${bounded.length}`],
      excess,
    );
  }
  for (const [name, predicted] of [
    ['mean slow-down of the others', ({ meanNs }: Row) => meanNs],
    ['CPU time for each call (Gregg)', ({ callsNs }: Row) => callsNs],
  ] as const) {
    const { median, p90 } = errorsOf(rows, predicted);
    page.row([name, String(rows.length), percent(median), percent(p90), '']);
  }
}

/** Causes of an application's time that are shown. */
const shownCauses = 4;

/** Where the measured time of each application comes from, as shares of it. */
function causeRows(page: Page, runtime: string, rows: readonly Row[]): void {
  page.table(['application', 'native', 'greatest causes', 'unexplained rest']);
  for (const { application, params, nativeNs, features, model, subjectNs } of rows) {
    const { causes, subject } = attributionOf({
      ...{ runtime, per: 'unit', nativeNs, features },
      subject: `${application} ${params}`.trim(),
      costs: model.costs,
      measuredNs: subjectNs,
    });
    const named = causes.filter(({ cause }) => cause !== 'rest').slice(0, shownCauses);
    const rest = causes.find(({ cause }) => cause === 'rest')?.ns ?? 0;
    page.row([
      subject,
      percent(nativeNs / subjectNs),
      named.map(({ cause, ns }) => `${cause} ${percent(ns / subjectNs)}`).join(', '),
      signed(rest / subjectNs),
    ]);
  }
}

/** Do the limits hold for this runtime? */
function isSystrap({ runtimes }: RunRecord, name: string): boolean {
  const facts = runtimes.find(({ entry }) => entry.name === name);
  return facts?.family === 'runsc' && facts.platform === 'systrap';
}

function writeRun(page: Page, { run, native, cells, applications, laterVforks }: Recorded): void {
  const others = run.runtimes.map(({ entry }) => entry.name).filter((name) => name !== native);
  for (const runtime of others) {
    const known = applications.filter(({ subjectNs }) => subjectNs.has(runtime));
    const samples = samplesUnder(runtime, known);
    const names = new Set(samples.map(({ application }) => application));
    if (names.size < 3) continue;
    const pair = { runtime, native, confidence };
    const table = costTable(cells, pair);
    const priors = Object.fromEntries([...table].map(([id, { ns }]) => [id, ns.value]));
    const rows = rowsOf(samples, priors, confidence).map((row) => {
      const place = { workload: row.application, params: row.params };
      return { ...row, refused: refusedFor(row, known), halfWidth: measuredHalfWidth(cells, place, pair) };
    });
    page.text(
      `${run.runId}, ${runtime} beside ${native}: ${names.size} applications, ${samples.length} parameter sets, CPU time for a unit of work. Each application is left out of all that is said of it.`,
    );
    if (laterVforks > 0)
      page.text(
        `The tracer did not tell vforks from other new processes. Of ${laterVforks} recordings their share is from later recordings of the same work (vforks/).`,
      );
    applicationRows(page, rows);
    const widths = rows.flatMap(({ halfWidth }) => halfWidth ?? []);
    if (widths.length > 0)
      page.text(
        `Of the measured slow-downs themselves, the run leaves open (half of the ${percent(confidence)} interval): ${percent(quantile(widths, 0.5))} in the median, ${percent(quantile(widths, 0.9))} in nine of ten.`,
      );
    page.text('Errors, and how many lie within their intervals:');
    summary(page, rows, isSystrap(run, runtime));
    page.text('Where the measured time comes from, by costs that were learnt without the application:');
    causeRows(page, runtime, rows);
  }
}

/** Errors of predictions of applications that the model has not seen, from recorded runs. */
export const prediction: Part = {
  name: 'prediction',
  runs: 1,
  async write(page) {
    for (const recorded of await recordedRuns()) writeRun(page, recorded);
  },
};
