import { setTimeout as sleep } from 'node:timers/promises';
import type { Reading } from '../model/trial.ts';
import { isMostlyUnattributed, maxLagMs, memoryStatLags, withoutParts } from './cgroup/memory-lag.ts';
import type { TrialCgroup } from './cgroup/trial.ts';
import { type ProcessScan, scanContainers } from './process/scan.ts';
import type { SamplerOptions } from './sampler.ts';

/** Snapshot of a trial: its cgroup's figures and the processes that work for it. */
export interface Snapshot extends ProcessScan {
  readonly reading: Reading;
}

const retryMs = 100;

/**
 * Read cgroup and processes of a running trial once the cgroup's memory.stat agrees with its charge, or has had the
 * time to ({@link maxLagMs}). Figures that are still implausible are left out. The cost is that of the reading that
 * was kept.
 */
export async function takeSnapshot(
  options: Pick<SamplerOptions, 'trialId' | 'sinceStartNs'> & {
    readonly containerIds: readonly string[];
    readonly cgroup: Pick<TrialCgroup, 'readNow' | 'pids'>;
  },
): Promise<Snapshot> {
  const { trialId, containerIds, cgroup, sinceStartNs } = options;
  const until = performance.now() + maxLagMs;
  for (;;) {
    const begin = process.hrtime.bigint();
    const atNs = sinceStartNs();
    const figures = cgroup.readNow();
    const lags = memoryStatLags(figures);
    if (lags && performance.now() < until) {
      await sleep(retryMs);
      continue;
    }
    const seen = scanContainers(containerIds, cgroup.pids());
    const costNs = Number(process.hrtime.bigint() - begin);
    const believed = lags && isMostlyUnattributed(figures) ? withoutParts(figures) : figures;
    return { reading: { trialId, atNs, costNs, figures: believed }, ...seen };
  }
}
