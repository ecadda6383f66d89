import { withGauges } from '../collect/cgroup/gauges.ts';
import type { CgroupLayout } from '../collect/cgroup/layout.ts';
import { readContainerLimits } from '../collect/cgroup/limits.ts';
import type { CgroupDriver } from '../collect/cgroup/names.ts';
import { openTrialCgroup } from '../collect/cgroup/trial.ts';
import { type EngineCgroups, readEngineCpu } from '../collect/engine-cgroup.ts';
import { takeHostSnapshot } from '../collect/host-snapshot.ts';
import type { KataOverheads } from '../collect/kata-overheads.ts';
import { type HostSnapshot, noiseBetween } from '../collect/noise.ts';
import { type OtherLoad, otherLoadBetween, readOtherLoad } from '../collect/other-load.ts';
import { endLeaked } from '../collect/process/leaks.ts';
import { readMemAvailable, steadyMemAvailable, unreclaimable } from '../collect/process/memory-view.ts';
import { type Sampler, startSampler } from '../collect/sampler.ts';
import { takeSnapshot } from '../collect/snapshot.ts';
import { messages, notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { absent, figureDelta, present } from '../metrics/figure.ts';
import { footprint, resident } from '../model/footprint.ts';
import { samplePeriodMs } from '../model/run.ts';
import type { Sampling } from '../model/sampling.ts';
import type { CgroupTotals, Figure, MappedPages, ProcessUsage, Reading } from '../model/trial.ts';
import type { Observation } from '../model/workload.ts';
import type { MemoryNow, Observed, TrialObserver } from './observer.ts';

const words = messages('hostObserver', {
  charge: 'the charge of the trial’s cgroup',
  allSmapsRollup: 'smaps_rollup of every process',
  allSmaps: 'smaps and pagemap of every process',
});

const text = notices('hostObserver', {
  notBegun: 'the trial was not begun',
  unreadable: '{source} cannot be read',
});

/** State that all trials of a run share. */
export interface HostPlace {
  readonly layout: CgroupLayout;
  readonly driver: CgroupDriver;
  readonly runId: string;
  readonly engineCgroups: EngineCgroups;
  /** Cgroups that Kata leaves behind; absent where ocibench does not remove them. */
  readonly overheads?: KataOverheads;
}

/** One trial and how it is observed. */
export interface HostWatch {
  readonly trialId: string;
  readonly observe: Observation;
  /** Time between the readings of a series, ms; the default applies where absent. */
  readonly samplePeriodMs?: number | undefined;
  /** Does the harness start the runtime itself, so that container and runtime are counted separately? */
  readonly split?: boolean;
}

/** Counters when the trial began. `others` is null where the engine's own CPU time is known. */
interface Before {
  readonly host: HostSnapshot;
  readonly engine: Figure;
  readonly harness: NodeJS.CpuUsage;
  readonly others: OtherLoad | null;
}

/**
 * Time for shims and sandboxes to end after the removal of their container, ms; later they count as leftovers. The
 * limit is generous after success, where exceeding it fails the trial. After a failure it only costs time.
 */
const endTimeoutMs = 3_000;
const failedEndTimeoutMs = 500;
/** Time for the kernel to end killed processes, ms. */
const killTimeoutMs = 2_000;

/** Observes a trial whose engine runs on this host. See {@link TrialObserver}. */
export function hostObserver(place: HostPlace, watch: HostWatch): TrialObserver {
  const { layout, driver, runId, overheads } = place;
  const { trialId, observe, samplePeriodMs: periodMs = samplePeriodMs.default, split = false } = watch;
  const cgroup = openTrialCgroup({ layout, driver, runId, trialId, split });
  const engineCgroups: EngineCgroups =
    cgroup.runtimePath === null ? place.engineCgroups : { paths: [cgroup.runtimePath] };
  const engineCpu = (): Figure =>
    'absent' in engineCgroups ? engineCgroups : readEngineCpu(layout, engineCgroups.paths);
  /** Where the engine's CPU time is known, the CPU time of others is the rest. */
  const otherLoad = (): OtherLoad | null => {
    if ('paths' in engineCgroups) return null;
    const { daemons } = engineCgroups;
    return readOtherLoad(layout, daemons === undefined ? [] : [daemons.dockerd, daemons.containerd]);
  };
  let before: Before | null = null;
  const containerIds: string[] = [];
  let createdAt = process.hrtime.bigint();
  let sampler: Sampler | null = null;
  let readings: readonly Reading[] = [];
  let processes: readonly ProcessUsage[] = [];
  let shmemAtSnapshotBytes: number | null = null;
  let mappedAtSnapshot: MappedPages | null = null;
  let sampling: Sampling | null = null;
  let over = false;
  const leaked: Observed['leaked'] = [];
  const endProcesses = async (graceMs: number, waitMs: number) => {
    const engine = 'paths' in engineCgroups ? engineCgroups.paths : [];
    for (const containerId of containerIds) {
      const cgroupPids = cgroup.pids();
      const options = { containerId, cgroupPids, engineCgroups: engine, graceMs, waitMs };
      leaked.push(...(await endLeaked(options)));
    }
  };
  const sinceStartNs = () => Number(process.hrtime.bigint() - createdAt);

  const snapshot = async () => {
    if (containerIds.length === 0) return;
    const seen = await takeSnapshot({ trialId, containerIds, cgroup, sinceStartNs });
    readings = [seen.reading];
    processes = seen.processes;
    mappedAtSnapshot = seen.mapped;
    shmemAtSnapshotBytes = seen.reading.figures['memory.shmem'] ?? null;
  };

  return {
    cgroupParent: cgroup.parent,
    async prepare() {
      await cgroup.prepare();
      const others = otherLoad();
      before = { host: takeHostSnapshot(), engine: engineCpu(), harness: process.cpuUsage(), others };
      createdAt = process.hrtime.bigint();
    },
    created: (container) => {
      containerIds.push(container.id);
    },
    running() {
      const [id] = containerIds;
      if (observe.kind !== 'series' || id === undefined) return;
      // Marks output that has arrived already before files are opened and read. Does not start a second series, nor one
      // after the end: neither would be stopped.
      setImmediate(() => {
        if (sampler === null && !over)
          sampler = startSampler({ trialId, containerId: id, cgroup, sinceStartNs, periodMs });
      });
    },
    snapshot,
    cpuNow: () => ({
      cgroupNs: cgroup.readNow()['cpu.usage'] ?? null,
      engineNs: figureValue(engineCpu()),
    }),
    async memoryNow(): Promise<MemoryNow> {
      await snapshot();
      return {
        charged: figureOf(unreclaimable(layout, cgroup.path), words.charge),
        footprint: figureOf(footprint(processes, shmemAtSnapshotBytes), words.allSmapsRollup),
        resident: figureOf(
          resident(processes, shmemAtSnapshotBytes, mappedAtSnapshot)?.bytes ?? null,
          words.allSmaps,
        ),
        available: figureOf(await steadyMemAvailable(), '/proc/meminfo'),
      };
    },
    availableNow: () => figureOf(readMemAvailable(), '/proc/meminfo'),
    limits: () => readContainerLimits(layout, cgroup.path, containerIds[0] ?? ''),
    async stopped() {
      over = true;
      if (sampler === null) return;
      ({ readings, processes, shmemAtSnapshotBytes, mappedAtSnapshot, sampling } = sampler.stop());
      sampler = null;
    },
    endProcesses: () => endProcesses(0, killTimeoutMs),
    async finish({ succeeded, otherCpuNs }): Promise<Observed> {
      await endProcesses(succeeded ? endTimeoutMs : failedEndTimeoutMs, killTimeoutMs);
      const totals = withGauges(cgroup.readTotals(), readings);
      const engine = before === null ? absent(text.notBegun) : figureDelta(before.engine, engineCpu());
      const others =
        before?.others == null ? null : otherLoadBetween(before.others, otherLoad() ?? new Map());
      const noise =
        before === null
          ? null
          : noiseBetween(before.host, takeHostSnapshot(), {
              ...ownLoad(totals, engine, before.harness, otherCpuNs),
              otherCpuNs: others,
            });
      await cgroup.remove();
      // After the reading of the engine's CPU: the counts of these cgroups are then in the cgroup above them in either
      // case.
      await overheads?.remove(containerIds);
      return {
        cgroup: totals,
        engineCpu: engine,
        processes,
        shmemAtSnapshotBytes,
        mappedAtSnapshot,
        leaked,
        noise,
        readings,
        sampling,
      };
    },
  };
}

function figureOf(value: number | null, source: Message | string): Figure {
  if (value === null) return absent(text.unreadable({ source }));
  return present(value, typeof source === 'string' ? source : source.text);
}

function figureValue(figure: Figure | undefined): number | null {
  return figure !== undefined && 'value' in figure ? figure.value : null;
}

/** CPU and stall time that belong to the trial, the engine and this harness. */
function ownLoad(totals: CgroupTotals, engine: Figure, harnessBefore: NodeJS.CpuUsage, peerCpuNs: number) {
  const { user, system } = process.cpuUsage(harnessBefore);
  const container = figureValue(totals.figures['cpu.usage']);
  const outside = figureValue(engine);
  return {
    cpuNs:
      container === null || outside === null
        ? null
        : container + outside + (user + system) * 1000 + peerCpuNs,
    cpuPressureNs: figureValue(totals.figures['pressure.cpu.some']),
    ioPressureNs: figureValue(totals.figures['pressure.io.some']),
    memoryPressureNs: figureValue(totals.figures['pressure.memory.some']),
  };
}
