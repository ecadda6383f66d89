import { readContainerLimits, withGauges } from '../../collect/cgroup/limits.ts';
import { openTrialCgroup } from '../../collect/cgroup/trial.ts';
import { readAvailable, steadyAvailable, unreclaimable } from '../../collect/process/host-memory.ts';
import { endLeaked } from '../../collect/process/leaks.ts';
import { ticksNow } from '../../collect/process/read.ts';
import { type Sampler, startSampler, takeSnapshot } from '../../collect/sampler.ts';
import { messages, notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { absent, present } from '../../metrics/figure.ts';
import { samplePeriodMs } from '../../model/run/extent.ts';
import type { Sampling } from '../../model/run/sampling.ts';
import { footprint, resident } from '../../model/trial/footprint.ts';
import type { LayerAccounting } from '../../model/trial/split-cgroup.ts';
import {
  type Figure,
  figureValue,
  type MappedPages,
  type ProcessUsage,
  type Reading,
} from '../../model/trial/trial.ts';
import type { Observation } from '../../model/workload/workload.ts';
import type { HostContext } from './host-context.ts';
import { loadMeter, pathsOfOwn } from './load-meter.ts';
import type { MemoryNow, TrialObservations, TrialObserver } from './observer.ts';

const words = messages('hostObserver', {
  charge: 'the charge of the trial’s cgroup',
  allSmapsRollup: 'smaps_rollup of every process',
  allSmaps: 'smaps and pagemap of every process',
});

const text = notices('hostObserver', { unreadable: '{source} cannot be read' });

/** A trial, and the settings of its observation. */
export interface ObservedTrial {
  readonly trialId: string;
  readonly observe: Observation;
  /** Time between the readings of a series, ms; the default applies where absent. */
  readonly samplePeriodMs?: number | undefined;
  /** Accounting of the layer, where it differs from that of the run's engine. */
  readonly accounting?: LayerAccounting | undefined;
  /** Present where another trial runs at the same time; resolves when the containers of that trial have ended. */
  readonly othersEnded?: () => Promise<void>;
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
export function hostObserver(place: HostContext, watch: ObservedTrial): TrialObserver {
  const { layout, driver, runId, overheads } = place;
  const { trialId, observe, samplePeriodMs: periodMs = samplePeriodMs.default, accounting } = watch;
  const { othersEnded } = watch;
  const pinned = othersEnded !== undefined;
  const cgroup = openTrialCgroup({ layout, driver, runId, trialId, accounting, pinned });
  const { runtimePath } = cgroup;
  const starter = startedBy(place, accounting);
  const ownEngine = runtimePath === null ? null : { runtime: runtimePath, daemon: daemonOf(accounting) };
  const load = loadMeter(starter, { ownEngine, atOnce: pinned });
  const containerIds: string[] = [];
  let createdAt = process.hrtime.bigint();
  let sinceTicks = 0;
  let sampler: Sampler | null = null;
  let readings: readonly Reading[] = [];
  let processes: readonly ProcessUsage[] = [];
  let shmemAtSnapshotBytes: number | null = null;
  let mappedAtSnapshot: MappedPages | null = null;
  let sampling: Sampling | null = null;
  let over = false;
  const leaked: TrialObservations['leaked'] = [];
  const endProcesses = async (graceMs: number, waitMs: number) => {
    const engine = ownEngine === null ? enginePaths(starter) : pathsOfOwn(ownEngine);
    for (const containerId of containerIds) {
      const cgroupPids = cgroup.pids();
      const options = { containerId, cgroupPids, engineCgroups: engine, sinceTicks, graceMs, waitMs };
      leaked.push(...(await endLeaked(options)));
    }
  };
  const sinceStartNs = () => Number(process.hrtime.bigint() - createdAt);

  /** The processes without figures that a concurrent trial changes: the PSS of files that both map is split between them. */
  const apart = (seen: readonly ProcessUsage[]) =>
    othersEnded === undefined ? seen : seen.map((each) => ({ ...each, pssBytes: null }));

  const snapshot = async () => {
    if (containerIds.length === 0) return;
    const seen = await takeSnapshot({ trialId, containerIds, cgroup, sinceStartNs });
    readings = [seen.reading];
    processes = apart(seen.processes);
    mappedAtSnapshot = seen.mapped;
    shmemAtSnapshotBytes = seen.reading.figures['memory.shmem'] ?? null;
  };

  return {
    cgroupParent: cgroup.parent,
    async prepare() {
      sinceTicks = ticksNow();
      await cgroup.prepare();
      load.begin();
      createdAt = process.hrtime.bigint();
    },
    created: (container) => {
      containerIds.push(container.id);
    },
    running() {
      if (observe.kind !== 'series' || containerIds.length === 0) return;
      // Deferred, so that output which has already arrived is marked before files are opened and read. Starts neither a
      // second series nor one after the end: nothing would stop it.
      setImmediate(() => {
        if (sampler === null && !over)
          sampler = startSampler({ trialId, containerIds, cgroup, sinceStartNs, periodMs });
      });
    },
    snapshot,
    cpuNow: () => ({
      cgroupNs: cgroup.cpuNow(),
      engineNs: figureValue(load.engineNow()),
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
        available: figureOf(await steadyAvailable(), '/proc/meminfo'),
      };
    },
    availableNow: () => figureOf(readAvailable(), '/proc/meminfo'),
    limits: () => readContainerLimits(layout, cgroup.path, containerIds[0] ?? ''),
    async stopped() {
      over = true;
      if (sampler === null) return;
      ({ readings, processes, shmemAtSnapshotBytes, mappedAtSnapshot, sampling } = sampler.stop());
      processes = apart(processes);
      sampler = null;
    },
    endProcesses: () => endProcesses(0, killTimeoutMs),
    async finish({ succeeded, otherCpuNs }): Promise<TrialObservations> {
      await endProcesses(succeeded ? endTimeoutMs : failedEndTimeoutMs, killTimeoutMs);
      await othersEnded?.();
      const totals = withGauges(cgroup.readTotals(), readings);
      const { engineCpu, noise } = load.end(totals, otherCpuNs);
      await cgroup.remove();
      // After the reading of the engine's CPU: whether these cgroups still exist or not, their usage is then counted in
      // their parent.
      await overheads?.remove(containerIds);
      return {
        cgroup: totals,
        engineCpu,
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

/** The context with the cgroups of the engine that starts the containers of this trial. */
function startedBy(place: HostContext, accounting: LayerAccounting | undefined): HostContext {
  if (accounting?.kind !== 'engine') return place;
  return { ...place, driver: 'cgroupfs', engineCgroups: { paths: accounting.cgroups } };
}

function daemonOf(accounting: LayerAccounting | undefined): string | null {
  return accounting?.kind === 'split' ? (accounting.daemon ?? null) : null;
}

function enginePaths({ engineCgroups }: HostContext): readonly string[] {
  return 'paths' in engineCgroups ? engineCgroups.paths : [];
}
