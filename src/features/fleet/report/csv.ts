import { csvOf, type Field } from '../../../report/tables/csv.ts';
import type { Combined, CombinedCategory, CombinedComparison } from '../merge/combined-record.ts';
import type { Fleet, FleetCategory, FleetComparison, FleetVote } from '../merge/fleet-record.ts';

type Category = FleetCategory | CombinedCategory;
type Comparison = FleetComparison | CombinedComparison;

/** A line of fleet.csv. */
interface Line {
  readonly of: FleetCategory | FleetComparison;
  /** Vote of a host; null: the fleet's estimate. */
  readonly vote: FleetVote | null;
  readonly host: string;
  /** Source of the host's runs: `analysis` if any counts as published. */
  readonly from: 'analysis' | 'records' | '';
}

/** Columns that say what a line is of. */
function subjectFields<L>(ofLine: (line: L) => Category | Comparison): readonly Field<L>[] {
  const cell =
    (read: (of: Comparison) => string): Field<L>[1] =>
    (line) => {
      const of = ofLine(line);
      return 'workload' in of ? read(of) : '';
    };
  return [
    ['runtime', (line) => ofLine(line).runtime],
    ['profile', cell(({ profile }) => profile)],
    ['layer', (line) => ofLine(line).layer],
    ['engine', (line) => ofLine(line).engine ?? ''],
    ['workload', cell(({ workload }) => workload)],
    ['params', cell(({ params }) => params)],
    ['category', (line) => ofLine(line).category],
    ['metric', cell(({ metric }) => metric)],
  ];
}

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
  ...subjectFields<Line>(({ of }) => of),
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

const combinedFields: readonly Field<CombinedComparison | CombinedCategory>[] = [
  ['scope', (line) => ('workload' in line ? 'comparison' : 'category')],
  ...subjectFields<CombinedComparison | CombinedCategory>((line) => line),
  ['baseline_profile', (line) => ('workload' in line ? (line.baselineProfile ?? '') : '')],
  ['sessions', ({ sessions }) => sessions],
  ['ratio', (line) => ('workload' in line ? line.ratio : line.cost)],
  ['ci_low', ({ low }) => low],
  ['ci_high', ({ high }) => high],
  ['ci90_low', ({ low90 }) => low90],
  ['ci90_high', ({ high90 }) => high90],
  ['df', ({ df }) => df],
  ['p', ({ p }) => p],
  ['p_adjusted', ({ pAdjusted }) => pAdjusted],
  ['verdict', ({ verdict }) => verdict],
  ['tau', ({ tau }) => tau],
  ['shared_tau', ({ sharedTau }) => sharedTau],
  ['q', ({ q }) => q],
  ['q_df', ({ qDf }) => qDf],
  ['differ_p', ({ differP }) => differP],
  ['half_width', ({ halfWidth }) => halfWidth],
  ['narrowest_half_width', ({ narrowest }) => narrowest],
];

/** A line for every comparison of combined sessions, then for every category. */
export function combinedCsv({ comparisons, categories }: Combined): string {
  return csvOf<CombinedComparison | CombinedCategory>([...comparisons, ...categories], combinedFields);
}
