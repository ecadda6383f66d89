import type { ProcessUsage, Reading } from '../model/trial.ts';
import { scanProcesses } from './process-scan.ts';
import type { SamplerOptions } from './sampler.ts';
import type { TrialCgroup } from './trial-cgroup.ts';

/** One look at a trial: its cgroup's figures and the processes that work for it. */
export interface Snapshot {
  readonly reading: Reading;
  readonly processes: readonly ProcessUsage[];
}

/** Reads cgroup and processes of a running trial once, now. The reading's cost covers both. */
export function takeSnapshot(
  options: Pick<SamplerOptions, 'trialId' | 'containerId' | 'sinceStartNs'> & {
    readonly cgroup: TrialCgroup;
  },
): Snapshot {
  const { trialId, containerId, cgroup, sinceStartNs } = options;
  const begin = process.hrtime.bigint();
  const atNs = sinceStartNs();
  const figures = cgroup.readNow();
  const processes = scanProcesses({ containerId, cgroupPids: cgroup.pids() });
  return { reading: { trialId, atNs, costNs: Number(process.hrtime.bigint() - begin), figures }, processes };
}
