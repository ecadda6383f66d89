import { median } from 'simple-statistics';
import { notices } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import type { Analysis, SummaryRow } from '../../../../core/model/analysis/analysis.ts';
import { costRatio } from '../../../../core/model/analysis/cost-ratio.ts';
import type { Problem } from '../../../../core/model/failure/error.ts';
import type { RunRecord } from '../../../../core/model/run/run.ts';
import { defaultLayer } from '../../../../core/model/trial/cell.ts';
import { areSurvivors } from '../../../../core/model/trial/trial-outcome.ts';
import { familyOf } from '../../../../core/runtimes/registry.ts';
import type { PlannedService } from '../../plan/input-record.ts';
import { busyCpus, type MeasuredCell, valuesOf } from '../../plan/measured.ts';
import type { RatioResult } from '../../plan/resolved.ts';
import { exactly, type RuntimeCost } from '../../plan/runtime-cost.ts';
import { measuredParams, sourceProblem } from './problems.ts';

const text = notices('planRatio', {
  noRatio: 'the run has no ratio of the CPU time of {workload} under {runtime} to that under {baseline}',
  survivors:
    '{failed} of {all} trials of {workload} under {runtime} failed, so its CPU time there has no usable ratio',
  emulated:
    'the run emulated the processor of the guests of {runtime} ({by}), so its CPU time says nothing about guests under KVM',
});

/** Sources of ratios other than the file. */
export interface RatioSources {
  readonly run: RunRecord;
  /** Runtimes of the run whose guests were emulated, and the emulator. */
  readonly emulated: ReadonlyMap<string, string>;
  /** Computed on first use, since it takes seconds. */
  readonly analysis: () => Analysis;
  /** Measured values of the run by block; computed on first use. */
  readonly cells: () => readonly MeasuredCell[];
  /** Runtime → the cost of a sandbox alone, as workloads run, or why it is unknown. */
  readonly costs: ReadonlyMap<string, RuntimeCost | Message>;
}

/** CPU time of a service under a runtime ÷ native CPU time; or the problem in the file. `at`: index of the service there. */
export function ratioOf(
  service: PlannedService,
  runtime: string,
  { file, at }: { readonly file: string; readonly at: number },
  sources: RatioSources,
): RatioResult | { readonly problem: Problem } {
  const given = service.cpu.ratios.get(runtime);
  if (given !== undefined) return { ratio: given, from: 'given' };
  if (hasHostKernel(runtime, sources.run)) return { ratio: exactly(1), from: 'same-kernel' };
  const { workload } = service;
  if (workload === null) return { problem: sourceProblem(file, at, runtime) };
  const measured = measuredParams(file, at, workload, sources.run);
  if ('problem' in measured) return measured;
  return measuredRatio({ ...measured, workload: workload.id, runtime }, sources);
}

/** Does the runtime run programs directly on the host's kernel? Then the ratio is 1. */
function hasHostKernel(name: string, { runtimes }: RunRecord): boolean {
  const facts = runtimes.find(({ entry }) => entry.name === name);
  return facts !== undefined && familyOf(facts.family).kernel === 'host';
}

/**
 * Measured CPU time per unit of work ÷ the baseline's, without the CPU time of an idle sandbox: the plan adds that to each
 * replica, while a workload that sleeps as its service does already includes it.
 */
function measuredRatio(
  of: { readonly workload: string; readonly params: string; readonly runtime: string },
  sources: RatioSources,
): RatioResult {
  const { run, analysis, emulated } = sources;
  const { workload, params, runtime } = of;
  const by = emulated.get(runtime);
  if (by !== undefined) return { refusals: [text.emulated({ runtime, by })] };
  const { baseline } = run.config;
  const own = analysis().rows.filter(
    (each) =>
      each.workload === workload &&
      each.params === params &&
      each.layer === defaultLayer &&
      each.profile === 'default' &&
      each.engine === undefined,
  );
  // The row of CPU time also has what failed trials took.
  const mains = own.filter(({ headline }) => headline);
  const lost = mains.find((each) => [runtime, baseline].includes(each.runtime) && isOfSurvivors(each));
  if (lost !== undefined) {
    const { failures: failed, n } = lost;
    return { refusals: [text.survivors({ workload, runtime: lost.runtime, failed, all: failed + n })] };
  }
  const row = own.find((each) => each.metric === 'work.cpu' && each.runtime === runtime);
  const isKnown =
    hasHostKernel(baseline, run) && mains.some((each) => each.runtime === runtime && each.n > 0);
  const found = row === undefined || !isKnown ? null : costRatio(row);
  if (found === null) return { refusals: [text.noRatio({ workload, runtime, baseline })] };
  const work = 1 - restShare(of, sources);
  const { estimate, low, high } = bounded(found.ratio, found.low, found.high);
  return { ratio: { estimate: estimate * work, low: low * work, high: high * work }, from: 'measured' };
}

/** Did so many trials fail that nothing is said of the test? */
const isOfSurvivors = ({ failures, n }: SummaryRow) => areSurvivors({ failed: failures, ok: n });

/** Share of a workload's CPU time that an idle sandbox would use, median over blocks; 0 if unknown. */
function restShare(
  of: { readonly workload: string; readonly params: string; readonly runtime: string },
  { cells, costs }: RatioSources,
): number {
  const cost = costs.get(of.runtime);
  const busy = [...valuesOf(cells(), of, busyCpus).values()];
  if (cost === undefined || !('idleCpus' in cost) || busy.length === 0) return 0;
  return Math.min(1, Math.max(0, cost.idleCpus.estimate) / median(busy));
}

function bounded(estimate: number, low: number | null, high: number | null) {
  return { estimate, low: low ?? estimate, high: high ?? estimate };
}
