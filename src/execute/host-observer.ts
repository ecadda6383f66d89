import type { CgroupLayout } from '../collect/cgroup-layout.ts';
import type { CgroupDriver } from '../collect/cgroup-names.ts';
import { type EngineCgroups, readEngineCpu } from '../collect/engine-cgroup.ts';
import { figureDelta } from '../collect/figure.ts';
import { withGauges } from '../collect/gauges.ts';
import { takeHostSnapshot } from '../collect/host-snapshot.ts';
import { endLeaked } from '../collect/leaks.ts';
import { type HostSnapshot, noiseBetween } from '../collect/noise.ts';
import { type Sampler, startSampler } from '../collect/sampler.ts';
import { takeSnapshot } from '../collect/snapshot.ts';
import { openTrialCgroup } from '../collect/trial-cgroup.ts';
import { samplePeriodMs } from '../model/run.ts';
import type { Sampling } from '../model/sampling.ts';
import type { CgroupTotals, Figure, ProcessUsage, Reading } from '../model/trial.ts';
import type { Observation } from '../model/workload.ts';
import type { Observed, TrialObserver } from './observer.ts';

/** What is the same for every trial of a run. */
export interface HostPlace {
  readonly layout: CgroupLayout;
  readonly driver: CgroupDriver;
  readonly runId: string;
  readonly engineCgroups: EngineCgroups;
}

/** One trial and how it is looked at. */
export interface HostWatch {
  readonly trialId: string;
  readonly observe: Observation;
  /** Time between the readings of a series, ms; the default unless told. */
  readonly samplePeriodMs?: number | undefined;
}

/** Watches a trial whose engine runs on this host. See {@link TrialObserver}. */
export function hostObserver(place: HostPlace, watch: HostWatch): TrialObserver {
  const { layout, driver, runId, engineCgroups } = place;
  const { trialId, observe, samplePeriodMs: periodMs = samplePeriodMs.default } = watch;
  const cgroup = openTrialCgroup({ layout, driver, runId, trialId });
  const engineCpu = (): Figure =>
    'absent' in engineCgroups ? engineCgroups : readEngineCpu(layout, engineCgroups.paths);
  let before: { host: HostSnapshot; engine: Figure; harness: NodeJS.CpuUsage } | null = null;
  let containerId: string | null = null;
  let createdAt = process.hrtime.bigint();
  let sampler: Sampler | null = null;
  let readings: readonly Reading[] = [];
  let processes: readonly ProcessUsage[] = [];
  let shmemAtSnapshotBytes: number | null = null;
  let sampling: Sampling | null = null;
  let over = false;
  const sinceStartNs = () => Number(process.hrtime.bigint() - createdAt);

  return {
    cgroupParent: cgroup.parent,
    async prepare() {
      await cgroup.prepare();
      before = { host: takeHostSnapshot(), engine: engineCpu(), harness: process.cpuUsage() };
      createdAt = process.hrtime.bigint();
    },
    created: (container) => {
      containerId = container.id;
    },
    running() {
      const id = containerId;
      if (observe.kind !== 'series' || id === null) return;
      // Output that has arrived already gets its mark before files are opened and read. A second series would have
      // nobody to stop it, and one that starts after the end neither.
      setImmediate(() => {
        if (sampler === null && !over)
          sampler = startSampler({ trialId, containerId: id, cgroup, sinceStartNs, periodMs });
      });
    },
    async snapshot() {
      if (containerId === null) return;
      const seen = await takeSnapshot({ trialId, containerId, cgroup, sinceStartNs });
      readings = [seen.reading];
      processes = seen.processes;
      shmemAtSnapshotBytes = seen.reading.figures['memory.shmem'] ?? null;
    },
    async stopped() {
      over = true;
      if (sampler === null) return;
      ({ readings, processes, shmemAtSnapshotBytes, sampling } = sampler.stop());
      sampler = null;
    },
    async finish(): Promise<Observed> {
      const leaked = containerId === null ? [] : await endLeaked({ containerId, cgroupPids: cgroup.pids() });
      const totals = withGauges(cgroup.readTotals(), readings);
      const engine =
        before === null ? { absent: 'the trial was not begun' } : figureDelta(before.engine, engineCpu());
      const noise =
        before === null
          ? null
          : noiseBetween(before.host, takeHostSnapshot(), ownLoad(totals, engine, before.harness));
      await cgroup.remove();
      return {
        cgroup: totals,
        engineCpu: engine,
        processes,
        shmemAtSnapshotBytes,
        leaked: [...leaked],
        noise,
        readings,
        sampling,
      };
    },
  };
}

/** CPU and stall time that the trial, the engine and this harness account for. */
function ownLoad(totals: CgroupTotals, engine: Figure, harnessBefore: NodeJS.CpuUsage) {
  const value = (figure: Figure | undefined) =>
    figure !== undefined && 'value' in figure ? figure.value : null;
  const { user, system } = process.cpuUsage(harnessBefore);
  const container = value(totals.figures['cpu.usage']);
  const outside = value(engine);
  return {
    cpuNs: container === null || outside === null ? null : container + outside + (user + system) * 1000,
    cpuPressureNs: value(totals.figures['pressure.cpu.some']),
    ioPressureNs: value(totals.figures['pressure.io.some']),
    memoryPressureNs: value(totals.figures['pressure.memory.some']),
  };
}
