import type { SamplerCost } from '../model/sampling.ts';
import type { TrialRecord } from '../model/trial.ts';

/**
 * Cost of the time series of a run's trials for the harness. Warm-up is included: the series costs the same there. Null
 * where nothing was read.
 */
export function samplerCost(
  trials: readonly Pick<TrialRecord, 'sampling'>[],
  periodMs: number,
): SamplerCost | null {
  const sampled = trials.flatMap(({ sampling }) => (sampling === null ? [] : [sampling]));
  const sum = (pick: (sampling: (typeof sampled)[number]) => number) =>
    sampled.reduce((total, sampling) => total + pick(sampling), 0);
  const readings = sum((sampling) => sampling.readings);
  const processScans = sum((sampling) => sampling.processScans);
  if (readings === 0) return null;
  return {
    readings,
    meanCostNs: sum((sampling) => sampling.costNs) / readings,
    maxCostNs: Math.max(...sampled.map((sampling) => sampling.maxCostNs)),
    periodMs,
    skipped: sum((sampling) => sampling.skipped),
    failed: sum((sampling) => sampling.failed),
    processScans,
    meanProcessScanNs: processScans === 0 ? null : sum((sampling) => sampling.processScanNs) / processScans,
  };
}
