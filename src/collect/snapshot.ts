import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessUsage, Reading } from '../model/trial.ts';
import { memoryStatLags, withoutLaggingParts } from './memory-lag.ts';
import { scanProcesses } from './process-scan.ts';
import type { SamplerOptions } from './sampler.ts';
import type { TrialCgroup } from './trial-cgroup.ts';

/** One look at a trial: its cgroup's figures and the processes that work for it. */
export interface Snapshot {
  readonly reading: Reading;
  readonly processes: readonly ProcessUsage[];
}

/** The kernel adds up memory.stat at least every two seconds (mm/memcontrol.c, FLUSH_TIME). */
const lagLimitMs = 3_000;
const retryMs = 100;

/**
 * Reads cgroup and processes of a running trial once the cgroup's memory.stat agrees with its charge, at the latest
 * after 3 s; then what lags is left out. The reading's cost is that of the look that was kept.
 */
export async function takeSnapshot(
  options: Pick<SamplerOptions, 'trialId' | 'containerId' | 'sinceStartNs'> & {
    readonly cgroup: Pick<TrialCgroup, 'readNow' | 'pids'>;
  },
): Promise<Snapshot> {
  const { trialId, containerId, cgroup, sinceStartNs } = options;
  const until = performance.now() + lagLimitMs;
  for (;;) {
    const begin = process.hrtime.bigint();
    const atNs = sinceStartNs();
    const figures = cgroup.readNow();
    if (memoryStatLags(figures) && performance.now() < until) {
      await sleep(retryMs);
      continue;
    }
    const processes = scanProcesses({ containerId, cgroupPids: cgroup.pids() });
    const costNs = Number(process.hrtime.bigint() - begin);
    return { reading: { trialId, atNs, costNs, figures: withoutLaggingParts(figures) }, processes };
  }
}
