import { csvOf, type Field } from '../../../report/csv.ts';
import type { Fleet, FleetCategory, FleetComparison, FleetVote } from '../merge/fleet-record.ts';

/** A line of fleet.csv. */
interface Line {
  readonly of: FleetCategory | FleetComparison;
  /** Vote of a host; null: the fleet's estimate. */
  readonly vote: FleetVote | null;
  readonly host: string;
  /** Source of the host's runs: `analysis` if any counts as published. */
  readonly from: 'analysis' | 'records' | '';
}

const isComparison = (of: Line['of']): of is FleetComparison => 'workload' in of;
const cell =
  (read: (of: FleetComparison) => string): Field<Line>[1] =>
  ({ of }) =>
    isComparison(of) ? read(of) : '';
const fleet =
  (read: (of: Line['of']) => string | number | null): Field<Line>[1] =>
  ({ of, vote }) =>
    vote === null ? read(of) : null;

/** Of a host: has it no weight in the estimate? Of all together: how many hosts have none. */
const setAside: Field<Line>[1] = ({ of, vote }) =>
  vote === null ? of.setAside.length : Number(of.setAside.includes(vote.host));

/** The columns of fleet.csv. */
const fleetFields: readonly Field<Line>[] = [
  ['scope', ({ vote }) => (vote === null ? 'fleet' : 'host')],
  ['host', ({ host }) => host],
  ['runtime', ({ of }) => of.runtime],
  ['profile', cell(({ profile }) => profile)],
  ['layer', ({ of }) => of.layer],
  ['engine', ({ of }) => of.engine ?? ''],
  ['workload', cell(({ workload }) => workload)],
  ['params', cell(({ params }) => params)],
  ['category', ({ of }) => of.category],
  ['metric', cell(({ metric }) => metric)],
  ['baseline', ({ of }) => of.baseline],
  ['variant', ({ of }) => of.variant ?? null],
  ['hosts', ({ of, vote }) => (vote === null ? of.votes.length : 1)],
  ['cost', ({ of, vote }) => (vote ?? of).cost],
  ['ci_low', ({ of, vote }) => (vote ?? of).low],
  ['ci_high', ({ of, vote }) => (vote ?? of).high],
  ['predicted_low', fleet(({ predictedLow }) => predictedLow)],
  ['predicted_high', fleet(({ predictedHigh }) => predictedHigh)],
  ['tau', fleet(({ tau }) => tau)],
  ['p_adjusted', fleet(({ pAdjusted }) => pAdjusted)],
  ['differ_p', fleet(({ differP }) => differP)],
  ['verdict', fleet(({ verdict }) => verdict)],
  ['from', ({ from }) => from],
  ['arch', ({ of }) => of.arch ?? ''],
  ['mean', fleet(({ mean }) => mean.cost)],
  ['mean_low', fleet(({ mean }) => mean.low)],
  ['mean_high', fleet(({ mean }) => mean.high)],
  ['mean_verdict', fleet(({ mean }) => mean.verdict)],
  ['set_aside', setAside],
];

/** Rows for every category and comparison: the fleet's estimate, then each host. */
export function fleetCsv({ hosts, categories, comparisons }: Fleet): string {
  const lines = [...categories, ...comparisons].flatMap((of): Line[] => [
    { of, vote: null, host: '', from: '' },
    ...of.votes.map((vote): Line => {
      const { name = '', runs = [] } = hosts[vote.host] ?? {};
      const from = runs.some((run) => run.from === 'analysis') ? 'analysis' : 'records';
      return { of, vote, host: name, from };
    }),
  ]);
  return csvOf(lines, fleetFields);
}
