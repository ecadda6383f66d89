import { defaultLayer } from '../../../../core/model/cell.ts';
import type { RunRecord, RunSubject } from '../../../../core/model/run.ts';
import type { TrialRecord } from '../../../../core/model/trial.ts';
import type { Workload } from '../../../../core/model/workload.ts';
import { leastBlocks } from '../../overhead/overhead.ts';
import { overheadParts, workloadsOfParts } from '../../overhead/parts.ts';
import { neededWorkloads } from '../../predict/costs.ts';
import { applicationsNeeded } from '../../predict/interval.ts';
import { type MeasuredCell, measuredCells } from '../../predict/measured.ts';

/** Confidence of the intervals that a capacity recording is to allow: of the overhead, and of predictions. */
const confidences = { overhead: 0.95, prediction: 0.9 } as const;

/** Measured blocks that each workload must have under each runtime that can run. */
export const blocksNeeded = leastBlocks(confidences.overhead);

/** A workload with fewer blocks than it needs. */
interface LackingWork extends Pick<RunSubject, 'workload' | 'params' | 'category'> {
  readonly runtime: string;
  readonly blocks: number;
}

/** What a run lacks to be a capacity recording. */
export interface CapacityLacks {
  /** Workloads of the overhead and of what calls cost. */
  readonly works: readonly LackingWork[];
  /** Applications that are short of blocks, named only if the others are too few to learn from. */
  readonly applications: readonly LackingWork[];
  /** Workloads that it should have and was not to measure; `app` if the applications are too few. */
  readonly absent: readonly string[];
  /** Blocks that each needs. */
  readonly blocks: number;
  /** Runtimes that were asked for and could not run. */
  readonly runtimes: readonly string[];
}

const needed: readonly string[] = [...new Set([...workloadsOfParts(overheadParts), ...neededWorkloads])];

/** Number of blocks in which a cell has values. */
function blocksOf(cells: readonly MeasuredCell[], runtime: string, { workload, params }: RunSubject): number {
  const cell = cells.find(
    (each) => each.runtime === runtime && each.workload === workload && each.params === params,
  );
  return Math.max(0, ...[...(cell?.values.values() ?? [])].map((values) => values.size));
}

/** What is missing for intervals of the overhead and of predictions. */
export function capacityLacks(
  run: RunRecord,
  trials: readonly TrialRecord[],
  workloads: readonly Workload[],
): CapacityLacks {
  const cells = measuredCells(run, trials, workloads);
  const able = run.runtimes.filter(({ preflight }) => preflight.status === 'available');
  const subjects = run.subjects.filter(({ layer = defaultLayer }) => layer === defaultLayer);
  const shortOf = (subject: RunSubject) =>
    able.flatMap(({ entry: { name: runtime } }): readonly LackingWork[] => {
      if (Object.hasOwn(subject.unsupported, runtime)) return [];
      const { workload, params, category } = subject;
      const blocks = blocksOf(cells, runtime, subject);
      return blocks < blocksNeeded ? [{ workload, params, category, runtime, blocks }] : [];
    });
  const applications = subjects.filter(({ category }) => category === 'app');
  const short = applications.filter((subject) => shortOf(subject).length > 0);
  const known = new Set(
    applications.filter((subject) => !short.includes(subject)).map(({ workload }) => workload),
  ).size;
  const enough = applicationsNeeded(confidences.prediction);
  return {
    works: subjects.filter(({ workload }) => needed.includes(workload)).flatMap(shortOf),
    applications: known < enough ? short.flatMap(shortOf) : [],
    absent: [
      ...needed.filter((id) => !subjects.some(({ workload }) => workload === id)),
      ...(new Set(applications.map(({ workload }) => workload)).size < enough ? ['app'] : []),
    ],
    blocks: blocksNeeded,
    runtimes: run.runtimes
      .filter(({ requested, preflight }) => requested && preflight.status !== 'available')
      .map(({ entry }) => entry.name),
  };
}

/** Is it short of blocks that can still be measured? */
export function isShort({ works, applications }: CapacityLacks): boolean {
  return works.length > 0 || applications.length > 0;
}
