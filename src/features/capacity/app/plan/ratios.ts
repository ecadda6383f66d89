import { median } from 'simple-statistics';
import { normalQuantile } from '../../../../core/analyze/stats/distributions.ts';
import { notices } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { recalled } from '../../../../core/messages/record.ts';
import type { Analysis } from '../../../../core/model/analysis.ts';
import { defaultLayer } from '../../../../core/model/cell.ts';
import { costRatio } from '../../../../core/model/cost-ratio.ts';
import type { Problem } from '../../../../core/model/error.ts';
import type { RunRecord } from '../../../../core/model/run.ts';
import { familyOf } from '../../../../core/runtimes/registry.ts';
import type { PlannedService } from '../../plan/input-record.ts';
import type { RatioKnown } from '../../plan/resolved.ts';
import { exactly, type RuntimeCost } from '../../plan/runtime-cost.ts';
import { busyCpus, type MeasuredCell, valuesOf } from '../../predict/measured.ts';
import type { Prediction } from '../../predict/prediction.ts';
import { measuredParams, sourceProblem } from './problems.ts';

const text = notices('planRatio', {
  noRatio: 'the run has no ratio of the CPU time of {workload} under {runtime} to that under {baseline}',
  notPredicted: 'its CPU time under {runtime} cannot be predicted from the run',
});

/** Where ratios are from beside the file. */
export interface RatioSources {
  readonly run: RunRecord;
  /** Made on first use: it takes seconds. */
  readonly analysis: () => Analysis;
  /** What the run measured by block; made on first use. */
  readonly cells: () => readonly MeasuredCell[];
  /** What the plan adds to each replica; a runtime whose overhead is not known has a reason. */
  readonly costs: ReadonlyMap<string, RuntimeCost | Message>;
  /** By service; services without a recording have none. */
  readonly predictions: ReadonlyMap<string, Prediction>;
  /** Of the plan. */
  readonly confidence: number;
}

/** CPU time of a service under a runtime ÷ its native one; or what the file has to say more. `at`: its index there. */
export function ratioOf(
  service: PlannedService,
  runtime: string,
  { file, at }: { readonly file: string; readonly at: number },
  sources: RatioSources,
): RatioKnown | { readonly problem: Problem } {
  const given = service.cpu.ratios.get(runtime);
  if (given !== undefined) return { ratio: given, from: 'given' };
  if (hasHostKernel(runtime, sources.run)) return { ratio: exactly(1), from: 'same-kernel' };
  const { name, workload } = service;
  if (workload !== null) {
    const measured = measuredParams(file, at, workload, sources.run);
    if ('problem' in measured) return measured;
    return measuredRatio({ ...measured, workload: workload.id, runtime }, sources);
  }
  const prediction = sources.predictions.get(name);
  return prediction === undefined
    ? { problem: sourceProblem(file, at, runtime) }
    : predictedRatio(prediction, runtime, sources.confidence);
}

/** Is there a runtime under which nothing but its recording says what a service costs? */
export function needsPrediction(
  { cpu, workload, runtimes: own }: PlannedService,
  considered: readonly string[],
  run: RunRecord,
): boolean {
  return considered.some(
    (runtime) =>
      workload === null &&
      !cpu.ratios.has(runtime) &&
      !hasHostKernel(runtime, run) &&
      (own === null || own.includes(runtime)),
  );
}

/** Under such a runtime a program that runs meets nothing but the host's kernel. */
function hasHostKernel(name: string, { runtimes }: RunRecord): boolean {
  const facts = runtimes.find(({ entry }) => entry.name === name);
  return facts !== undefined && familyOf(facts.family).kernel === 'host';
}

/**
 * CPU time per unit of work ÷ the baseline's, as the run measured it, without what the sandbox uses at rest: the plan adds that
 * to each replica, and a workload that sleeps as its service does has it in its time.
 */
function measuredRatio(
  of: { readonly workload: string; readonly params: string; readonly runtime: string },
  sources: RatioSources,
): RatioKnown {
  const { run, analysis } = sources;
  const { workload, params, runtime } = of;
  const { baseline } = run.config;
  const row = analysis().rows.find(
    (each) =>
      each.metric === 'work.cpu' &&
      each.workload === workload &&
      each.params === params &&
      each.runtime === runtime &&
      each.layer === defaultLayer &&
      each.profile === 'default' &&
      each.engine === undefined,
  );
  const found = row === undefined || !hasHostKernel(baseline, run) ? null : costRatio(row);
  if (found === null) return { refusals: [text.noRatio({ workload, runtime, baseline })] };
  const work = 1 - restShare(of, sources);
  const { estimate, low, high } = bounded(found.ratio, found.low, found.high);
  return { ratio: { estimate: estimate * work, low: low * work, high: high * work }, from: 'measured' };
}

/** The part of a workload's CPU time that its sandbox uses at rest, in the median of the blocks; 0 where it is not known. */
function restShare(
  of: { readonly workload: string; readonly params: string; readonly runtime: string },
  { cells, costs }: RatioSources,
): number {
  const cost = costs.get(of.runtime);
  const busy = [...valuesOf(cells(), of, busyCpus).values()];
  if (cost === undefined || !('idleCpus' in cost) || busy.length === 0) return 0;
  return Math.min(1, Math.max(0, cost.idleCpus.estimate) / median(busy));
}

/**
 * The ratio that a prediction gives. The interval of one that has another confidence than the plan is as much wider, or narrower,
 * on the logarithmic scale, as a normal error would be.
 */
function predictedRatio({ runtimes, confidence }: Prediction, name: string, wanted: number): RatioKnown {
  const found = runtimes.find(({ runtime }) => runtime === name);
  const cpu = found?.cpu ?? null;
  if (cpu !== null) {
    const end = (level: number) => normalQuantile((1 + level) / 2);
    const wider = end(wanted) / end(confidence);
    const ratio = (ns: number | null) => (ns === null ? null : cpu.ratio * (ns / cpu.ns) ** wider);
    return { ratio: bounded(cpu.ratio, ratio(cpu.low), ratio(cpu.high)), from: 'predicted' };
  }
  const reasons = [
    ...(found?.refusals ?? []),
    ...(found?.absent ?? []).filter(({ part }) => part === 'cpu'),
  ].map((each) => recalled(each, 'reason'));
  return { refusals: reasons.length > 0 ? reasons : [text.notPredicted({ runtime: name })] };
}

function bounded(estimate: number, low: number | null, high: number | null) {
  return { estimate, low: low ?? estimate, high: high ?? estimate };
}
