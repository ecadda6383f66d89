import { quantile, sampleRankCorrelation } from 'simple-statistics';
import type { Application } from '../../src/features/capacity/predict/applications.ts';
import type { Costs } from '../../src/features/capacity/predict/attribution.ts';
import { type Candidate, candidates, type Demand } from '../../src/features/capacity/predict/features.ts';
import {
  type ApplicationSample,
  errorsByApplication,
  Learner,
  logError,
  predictedNs,
} from '../../src/features/capacity/predict/learn.ts';
import type { FeatureId } from '../../src/features/capacity/predict/prediction.ts';
import { callRate, rangeOf } from '../../src/features/capacity/predict/range.ts';
import type { Page } from './page.ts';
import { percent } from './page.ts';
import { errorOf, type Row } from './prediction-rows.ts';

/** A row with the demands of its application and of all others. */
export interface Placed extends Row {
  readonly demand: Demand;
  readonly others: readonly Demand[];
}

/** Factor beyond the others from which a quantity counts as out of their range here. */
const quarter = 1.25;

/** The largest factor by which an application exceeds all others in a quantity that is looked at. */
function farthest({ demand, others }: Placed, prices: Costs): number {
  const { refusals, beyond } = rangeOf(demand, others, prices);
  return Math.max(0, ...[...refusals, ...beyond].map(({ value, most }) => value / most));
}

/** Do applications outside of the others' range have larger errors? That is what a refusal would rest on. */
export function rangeEvidence(page: Page, rows: readonly Placed[], prices: Costs): void {
  const out = rows.filter((row) => farthest(row, prices) > quarter);
  page.table(['by the rates of all others', 'parameter sets', 'median error', 'largest', 'farthest beyond']);
  for (const [name, own] of [
    ['within them, or beyond by a quarter at most', rows.filter((row) => !out.includes(row))],
    ['farther beyond', out],
  ] as const) {
    if (own.length === 0) continue;
    const errors = own.map((row) => Math.abs(errorOf(row, row.predictedNs)));
    const times = Math.max(...own.map((row) => farthest(row, prices)));
    page.row([
      name,
      String(own.length),
      percent(quantile(errors, 0.5)),
      percent(Math.max(...errors)),
      `${times.toFixed(1)} ×`,
    ]);
  }
}

/** Rank correlations of errors with what could be a ground to refuse; 0: it says nothing of them. */
export function groundsEvidence(
  page: Page,
  rows: readonly Placed[],
  samples: readonly ApplicationSample[],
  prices: Costs,
): void {
  const forms = [...Map.groupBy(candidates, ({ name }) => name).values()].map(
    (own) => new Learner(samples, prices, own),
  );
  const left = forms.map((learner) => learner.leaveOneOut());
  const errors = rows.map((row) => logError(row, row.predictedNs));
  const disagreement = rows.map((row) => {
    const said = left.flatMap((all) =>
      all
        .filter(({ application, params }) => application === row.application && params === row.params)
        .map(({ model }) => predictedNs(model.costs, row.features, row.nativeNs)),
    );
    return Math.max(...said) / Math.min(...said);
  });
  page.table(['what could be a ground to refuse', 'rank correlation with the error']);
  for (const [name, values] of [
    ['disagreement of the forms', disagreement],
    ['calls a second', rows.map(({ demand }) => callRate(demand))],
    [
      'own computing between two calls',
      rows.map(({ demand }) => (demand.features.user ?? 0) / callRate(demand)),
    ],
    ['share that is not native', rows.map((row) => 1 - row.nativeNs / row.predictedNs)],
    ['farthest beyond all others', rows.map((row) => farthest(row, prices))],
  ] as const)
    page.row([name, sampleRankCorrelation([...values], errors).toFixed(2)]);
}

/** Errors with each column of the forms left out that is not there in all: what it is worth. */
export function columnEvidence(page: Page, samples: readonly ApplicationSample[], prices: Costs): void {
  const without = (id: FeatureId): readonly Candidate[] =>
    candidates.map((each) => ({
      ...each,
      columns: each.columns.filter(({ features }) => !(features.length === 1 && features[0] === id)),
    }));
  page.table(['form', 'median error', '90th percentile']);
  for (const [name, forms] of [
    ['as it is', candidates],
    ['without calls while no CPU is free', without('crowded')],
    ['without changes of the address space', without('call.memory')],
  ] as const) {
    const left = new Learner(samples, prices, forms).leaveOneOut();
    const errors = [...errorsByApplication(left, (at) => left[at]?.predictedNs ?? Number.NaN)];
    page.row([name, percent(quantile(errors, 0.5)), percent(quantile(errors, 0.9))]);
  }
}

/** The demands of an application and of all others. */
export function placed(row: Row, applications: readonly Application[]): Placed | null {
  const own = applications.find(
    ({ workload, params }) => workload === row.application && params === row.params,
  );
  const others = applications.filter(({ workload }) => workload !== row.application);
  return own === undefined
    ? null
    : { ...row, demand: own.demand, others: others.map(({ demand }) => demand) };
}
