import { quantile } from 'simple-statistics';
import type { RunRecord } from '../../src/core/model/run.ts';
import { type Application, isOfSameWork } from '../../src/features/capacity/predict/applications.ts';
import { attributionOf, type Costs } from '../../src/features/capacity/predict/attribution.ts';
import { costTable } from '../../src/features/capacity/predict/costs.ts';
import { errorsByApplication } from '../../src/features/capacity/predict/learn.ts';
import { pricesOf, samplesUnder } from '../../src/features/capacity/predict/predict.ts';
import { rangeOf } from '../../src/features/capacity/predict/range.ts';
import { type Page, type Part, percent } from './page.ts';
import { isOneOf, type Recorded, recordedRuns } from './prediction-data.ts';
import {
  columnEvidence,
  groundsEvidence,
  type Placed,
  placed,
  rangeEvidence,
} from './prediction-evidence.ts';
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
interface Judged extends Placed {
  readonly refused: readonly string[];
  /** Quantities beyond all others', but no farther than was checked. */
  readonly beyond: readonly string[];
  /** Of the interval of the measured slow-down, half its width; null where there is none. */
  readonly halfWidth: number | null;
}

/** What `ocibench capacity predict` would say of its range, by what the other applications have shown. */
function judged(row: Placed, prices: Costs, halfWidth: number | null): Judged {
  const { refusals, beyond } = rangeOf(row.demand, row.others, prices);
  const names = (all: typeof refusals) => [...new Set(all.map(({ kind, feature }) => feature ?? kind))];
  return { ...row, refused: names(refusals), beyond: names(beyond), halfWidth };
}

function applicationRows(page: Page, rows: readonly Judged[]): void {
  page.table([
    'application',
    'native',
    'measured',
    'measured ±',
    'predicted',
    'error',
    'interval',
    'covered',
    'high ÷ low',
    'beyond others',
    'refused for',
    'mean slow-down',
    'calls',
    'form',
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
      widthOf(row)?.toFixed(2) ?? '',
      ...[row.beyond, row.refused].map((all) => all.join(', ')),
      ...[row.meanNs, row.callsNs].map((ns) => signed(errorOf(row, ns))),
      `${row.model.candidate.name}, ${row.model.candidate.ridge}`,
    ]);
}

/** Errors of one way to predict: an application has one, the mean of its parameter sets'. */
function errorsOf(rows: readonly Row[], predicted: (row: Row) => number) {
  const errors = errorsByApplication(rows, (at) => predicted(rows[at] as Row));
  return { applications: errors.length, median: quantile(errors, 0.5), p90: quantile(errors, 0.9) };
}

/** Half-width up to which a measured slow-down can judge a prediction by the limit. */
const known = limits.p90;

function summary(page: Page, rows: readonly Judged[], all: readonly Row[], isJudged: boolean): void {
  page.table(['model', 'applications', 'parameter sets', 'median error', '90th percentile']);
  for (const [name, own, predicted] of [
    ['ocibench', rows, ({ predictedNs }: Row) => predictedNs],
    [
      `of these, slow-down known within ± ${percent(known)}`,
      rows.filter(({ halfWidth }) => halfWidth !== null && halfWidth <= known),
      ({ predictedNs }: Row) => predictedNs,
    ],
    [
      'of these, not refused',
      rows.filter(({ refused }) => refused.length === 0),
      ({ predictedNs }: Row) => predictedNs,
    ],
    ['with all that was left out', all, ({ predictedNs }: Row) => predictedNs],
    ['mean slow-down of the others', rows, ({ meanNs }: Row) => meanNs],
    ['CPU time for each call (Gregg)', rows, ({ callsNs }: Row) => callsNs],
  ] as const) {
    if (own.length === 0) continue;
    const { applications, median, p90 } = errorsOf(own, predicted);
    const isOver = median > limits.median || p90 > limits.p90;
    page.row(
      [name, String(applications), String(own.length), percent(median), percent(p90)],
      isJudged && name === 'ocibench' && isOver ? 'broken' : 'none',
    );
  }
}

/** high ÷ low; null where there is no interval. */
function widthOf({ low, high }: Row): number | null {
  return low === null || high === null ? null : high / low;
}

/** Coverage and widths of intervals that follow the service, beside those of one width for all. */
function intervals(page: Page, rows: readonly Row[]): void {
  const ratio = ({ predictedNs, nativeNs }: Row) => predictedNs / nativeNs;
  const middle = (own: readonly Row[]) =>
    own.length === 0
      ? ''
      : quantile(
          own.flatMap((row) => widthOf(row) ?? []),
          0.5,
        ).toFixed(2);
  page.table([
    'intervals',
    `cover at ${percent(confidence)}`,
    'high ÷ low, median',
    'predicted below 2 ×',
    'predicted 3 × and more',
  ]);
  for (const [name, own] of [
    ['follow the service', rows],
    ['one width for all', rows.flatMap((row) => (row.uniform === null ? [] : [{ ...row, ...row.uniform }]))],
  ] as const) {
    const bounded = own.filter((row) => coverOf(row) !== '');
    page.row([
      name,
      `${bounded.filter((row) => coverOf(row) === 'yes').length} of ${bounded.length}`,
      middle(bounded),
      middle(bounded.filter((row) => ratio(row) < 2)),
      middle(bounded.filter((row) => ratio(row) >= 3)),
    ]);
  }
}

/** Causes of an application's time that are shown. */
const shownCauses = 4;

/** Where the measured time of each application comes from, as shares of it. */
function causeRows(page: Page, runtime: string, rows: readonly Row[]): void {
  page.table(['application', 'native', 'greatest causes', 'unexplained rest']);
  for (const { application, params, nativeNs, features, model, subjectNs } of rows) {
    const { causes, subject } = attributionOf({
      runtime,
      per: 'unit',
      nativeNs,
      features,
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

/** What of a run is not judged, and why. */
function leftOut(page: Page, { applications, withdrawn }: Recorded): void {
  for (const { workload, params, why } of withdrawn)
    page.text(`Left out: ${[workload, params].join(' ').trim()}, since ${why}.`);
  for (const each of applications) {
    if (isOfSameWork(each) || isOneOf(withdrawn, each)) continue;
    const times = (each.recordedNs / each.nativeNs).toFixed(2);
    page.text(
      `Left out, as \`ocibench capacity predict\` leaves it out: ${each.workload} ${each.params}`.trim() +
        `, whose unit took ${times} times as much CPU time in its recording as in the trials.`,
    );
  }
}

function writeRun(page: Page, recorded: Recorded): void {
  const { run, native, cells, applications, withdrawn, laterVforks } = recorded;
  const others = run.runtimes.map(({ entry }) => entry.name).filter((name) => name !== native);
  for (const runtime of others) {
    const measured = applications.filter(({ subjectNs }) => subjectNs.has(runtime));
    const kept = measured.filter((each) => !isOneOf(withdrawn, each) && isOfSameWork(each));
    const samples = samplesUnder(runtime, kept);
    const names = new Set(samples.map(({ application }) => application));
    if (names.size < 3) continue;
    const pair = { runtime, native, confidence };
    const prices = pricesOf(costTable(cells, pair));
    const rows = rowsOf(samples, prices, confidence).flatMap((row) => {
      const own = placed(row, kept);
      const place = { workload: row.application, params: row.params };
      return own === null ? [] : [judged(own, prices, measuredHalfWidth(cells, place, pair))];
    });
    page.text(
      `${run.runId}, ${runtime} beside ${native}: ${names.size} applications, ${samples.length} parameter sets, CPU time for a unit of work. Each application is left out of all that is said of it.`,
    );
    leftOut(page, recorded);
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
    page.text('Errors; an application has one vote, however many parameter sets it has:');
    summary(page, rows, everyRow(runtime, measured, prices), isSystrap(run, runtime));
    page.text('Intervals:');
    intervals(page, rows);
    page.text('What columns of the forms are worth:');
    columnEvidence(page, samples, prices);
    page.text('Is a recording outside of what was seen predicted worse?');
    rangeEvidence(page, rows, prices);
    page.text('Does anything say beforehand which prediction is wrong?');
    groundsEvidence(page, rows, samples, prices);
    page.text('Where the measured time comes from, by costs that were learnt without the application:');
    causeRows(page, runtime, rows);
  }
}

/** Rows of all parameter sets, also of those that are not judged. */
function everyRow(runtime: string, measured: readonly Application[], prices: Costs): readonly Row[] {
  // What the recording says does not matter here: the same work is asked for in `samplesUnder`.
  const all = measured.map((each) => ({ ...each, recordedNs: each.nativeNs }));
  return rowsOf(samplesUnder(runtime, all), prices, confidence);
}

/** What was chosen with which runs in view, and what was tried. */
const chosen: readonly string[] = [
  'Fits, the choice of a form, and intervals never see the application that they are judged by. Ideas are not blind: kernel time, files, memory and vforks were chosen with the first two runs in view (14:02 and 16:41), and judged by the third (the next day). What came later was chosen with all three in view: calls while no CPU is free, three forms instead of eight, the spread of intervals, the limits of the range. The fourth run judges these: nothing was chosen with it in view. It was made by `ocibench capacity measure`, with half as many applications, and on another processor.',
  'Before that, with one vote for an application as here, nine in ten were within 22.6, 23.6 and 31.2 % (median 8.3, 9.3 and 12.6 %); high ÷ low was 1.86, 1.70 and 1.90 in the median, and 1.85, 1.86 and 2.06 for openssl. Refused were five, six and three parameter sets, with errors from 3 to 14 %, and none of the worst.',
  'Some thirty other features made no error smaller in two runs or more: calls after a pause, by the mean time between them (as spinning, as sleeping, as a share of the own computing); brk and mmap apart; faults; waits, locks, wake-ups and preemptions; packets; batches of requests by process; times in calls by class; tasks; averages over forms; and a Gaussian process over eighteen of them on what the model leaves.',
];

/** Errors of predictions of applications that the model has not seen, from recorded runs. */
export const prediction: Part = {
  name: 'prediction',
  runs: 1,
  async write(page) {
    for (const paragraph of chosen) page.text(paragraph);
    for (const recorded of await recordedRuns()) writeRun(page, recorded);
  },
};
