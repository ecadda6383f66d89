import { middleMean } from '../../../core/analyze/stats/middle-mean.ts';
import { profileName } from '../../../core/model/runtime/container-profile.ts';
import { type Cell, defaultLayer } from '../../../core/model/trial/cell.ts';
import { learningResult } from './learning.ts';
import type { NightInput } from './night-input.ts';
import type { HeadlineLine } from './record.ts';
import { type DrawnLine, lineEstimate, seriesName } from './series.ts';

/** Id of the metric of a category: the mean of its subjects' cost ratios. */
const cost = 'cost';

/**
 * Lines of whole categories, computed as in the report: the pooled mean of the subjects' log cost ratios, rates inverted. The
 * mean detects a common change that is below the noise of each subject. There is no line for values, which have no common unit,
 * for a category of one subject, or for a night in which a subject has no figure: the mean of the others would be another
 * series.
 */
export function categoryLines(drawn: readonly DrawnLine[], input: NightInput): readonly HeadlineLine[] {
  const ratios = drawn.filter(({ line }) => line.reference !== null && line.better !== 'neither');
  const groups = Map.groupBy(ratios, ({ line }) =>
    [line.runtime, line.reference, line.profile, line.layer, line.category].join('|'),
  );
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    return first === undefined || members.length < 2 || members.length < scheduled(first.line, input)
      ? []
      : [categoryLine(members, first.line, input)];
  });
}

/** Number of subjects of the category that the run scheduled for this runtime and profile. */
function scheduled(
  { runtime, profile, layer, category }: HeadlineLine,
  { run, workloads }: NightInput,
): number {
  const known = new Map(workloads.map(({ id, metrics }) => [id, metrics[0]?.better ?? 'neither']));
  return run.subjects.filter(
    (subject) =>
      subject.category === category &&
      profileName(subject.profile) === profile &&
      (subject.layer ?? defaultLayer) === layer &&
      !Object.hasOwn(subject.unsupported, runtime) &&
      (known.get(subject.workload) ?? 'neither') !== 'neither',
  ).length;
}

function categoryLine(
  members: readonly DrawnLine[],
  first: HeadlineLine,
  { widening, digest }: NightInput,
): HeadlineLine {
  const { estimate, standardError, df, blocks } = middleMean(
    members.map(({ line, logs }) => {
      const sign = line.better === 'higher' ? -1 : 1;
      return new Map([...logs].map(([block, log]) => [block, sign * log]));
    }),
  );
  const { runtime, profile, layer, category, reference, provenance } = first;
  const cell: Cell = { runtime, profile, layer, workload: category, params: '' };
  const lines = members.map(({ line }) => line);
  const mean = lineEstimate({ log: estimate, se: widening * standardError, df });
  // Sorted: the order of subjects makes no difference.
  const all = (of: (line: HeadlineLine) => string) => digest(JSON.stringify(lines.map(of).toSorted()));
  const { counts, ...ofLines } = first;
  const learnt =
    lines.every((line) => line.counts !== undefined) && learningResult(meansOf(members)) === 'learnt';
  return {
    ...ofLines,
    ...(learnt && counts !== undefined ? { counts } : {}),
    ...cell,
    metric: cost,
    unit: 'ratio',
    better: 'lower',
    series: seriesName(cell, cost, reference),
    ...mean,
    pairs: blocks,
    median: mean.estimate,
    failures: lines.reduce((sum, line) => sum + line.failures, 0),
    disturbed: lines.reduce((sum, line) => sum + line.disturbed, 0) / lines.length,
    provenance: {
      ...provenance,
      image: null,
      workload: all((line) => `${line.provenance.workload} ${line.provenance.image}`),
    },
  };
}

/** Mean logarithm of the cost over the members, in each block that all of them have. */
function meansOf(members: readonly DrawnLine[]): readonly number[] {
  const [first, ...others] = members;
  const blocks = [...(first?.logs.keys() ?? [])].toSorted((a, b) => a - b);
  return blocks
    .filter((block) => others.every(({ logs }) => logs.has(block)))
    .map((block) =>
      members.reduce((sum, { line, logs }) => {
        const log = logs.get(block) ?? 0;
        return sum + (line.better === 'higher' ? -log : log) / members.length;
      }, 0),
    );
}
