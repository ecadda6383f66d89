import { quantile } from 'simple-statistics';
import type { RunRecord } from '../../src/model/run.ts';
import { costTable } from '../../src/predict/costs.ts';
import { samplesUnder } from '../../src/predict/predict.ts';
import { type Excess, type Page, type Part, percent } from './page.ts';
import { type Recorded, recordedRuns } from './prediction-data.ts';
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

function applicationRows(page: Page, rows: readonly Row[]): void {
  page.table([
    ...['application', 'native', 'measured', 'predicted', 'error', 'interval', 'covered'],
    ...['mean slow-down', 'calls', 'form'],
  ]);
  for (const row of rows)
    page.row([
      `${row.application} ${row.params}`.trim(),
      ...[row.nativeNs, row.subjectNs, row.predictedNs].map(timeOf),
      signed(errorOf(row, row.predictedNs)),
      row.low === null || row.high === null ? '' : `${timeOf(row.low)} … ${timeOf(row.high)}`,
      coverOf(row),
      ...[row.meanNs, row.callsNs].map((ns) => signed(errorOf(row, ns))),
      `${row.model.candidate.name}, ${row.model.candidate.ridge}`,
    ]);
}

function summary(page: Page, rows: readonly Row[], isJudged: boolean): void {
  const of = (predicted: (row: Row) => number) => {
    const errors = rows.map((row) => Math.abs(errorOf(row, predicted(row))));
    return { median: quantile(errors, 0.5), p90: quantile(errors, 0.9) };
  };
  page.table(['model', 'median error', '90th percentile', `within the ${percent(confidence)} interval`]);
  const own = of(({ predictedNs }) => predictedNs);
  const judged = rows.filter((row) => coverOf(row) !== '');
  const covered = judged.filter((row) => coverOf(row) === 'yes').length;
  const excess: Excess = isJudged && (own.median > limits.median || own.p90 > limits.p90) ? 'broken' : 'none';
  page.row(['ocibench', percent(own.median), percent(own.p90), `${covered} of ${judged.length}`], excess);
  for (const [name, predicted] of [
    ['mean slow-down of the others', ({ meanNs }: Row) => meanNs],
    ['CPU time for each call (Gregg)', ({ callsNs }: Row) => callsNs],
  ] as const) {
    const { median, p90 } = of(predicted);
    page.row([name, percent(median), percent(p90), '']);
  }
}

/** Do the limits hold for this runtime? */
function isSystrap({ runtimes }: RunRecord, name: string): boolean {
  const facts = runtimes.find(({ entry }) => entry.name === name);
  return facts?.family === 'runsc' && facts.platform === 'systrap';
}

function writeRun(page: Page, { run, native, cells, applications }: Recorded): void {
  const others = run.runtimes.map(({ entry }) => entry.name).filter((name) => name !== native);
  for (const runtime of others) {
    const samples = samplesUnder(runtime, applications);
    const names = new Set(samples.map(({ application }) => application));
    if (names.size < 3) continue;
    const table = costTable(cells, { runtime, native, confidence });
    const priors = Object.fromEntries([...table].map(([id, { ns }]) => [id, ns.value]));
    const rows = rowsOf(samples, priors, confidence);
    page.text(
      `${run.runId}, ${runtime} beside ${native}: ${names.size} applications, ${samples.length} parameter sets, CPU time for a unit of work. Each application is left out of all that is said of it.`,
    );
    applicationRows(page, rows);
    page.text('Errors, and how many lie within their intervals:');
    summary(page, rows, isSystrap(run, runtime));
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
