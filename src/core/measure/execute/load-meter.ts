import { runCgroup } from '../../collect/cgroup/names.ts';
import { readEngineCpu } from '../../collect/engine-cgroup.ts';
import { daemonPids } from '../../collect/engine-daemons.ts';
import { takeHostSnapshot } from '../../collect/host-snapshot.ts';
import { type HostSnapshot, noiseBetween, type OwnLoad } from '../../collect/noise.ts';
import { type OtherLoad, otherLoadBetween, readOtherLoad } from '../../collect/other-load.ts';
import { notices } from '../../messages/define.ts';
import { absent, figureDelta } from '../../metrics/figure.ts';
import type { CgroupTotals, Figure, Noise } from '../../model/trial/trial.ts';
import type { HostContext } from './host-context.ts';

const text = notices('hostObserver', {
  notBegun: 'the trial did not begin',
  duet: 'the engine worked for two trials at once (duet)',
});

/** Measures who used the host's CPUs during a trial: its engine, this harness, or other processes. */
export interface LoadMeter {
  begin(): void;
  /** CPU time that the engine has used for this trial so far. */
  engineNow(): Figure;
  /**
   * Usage since `begin`. `totals`: of the trial's cgroup. `besideNs`: CPU time of the trial's containers outside that
   * cgroup. `noise` is null where `begin` was not called.
   */
  end(totals: CgroupTotals, besideNs: number): { readonly engineCpu: Figure; readonly noise: Noise | null };
}

/** Counters when the trial began. */
interface BeginCounters {
  readonly host: HostSnapshot;
  readonly engine: Figure;
  /** CPU time of the engine and of all concurrent trials; null where the trial runs alone. */
  readonly together: Figure | null;
  readonly harness: NodeJS.CpuUsage;
  /** null where the engine's own CPU time is known: the load of others is then the remainder. */
  readonly others: OtherLoad | null;
}

/** Cgroups of the processes that start the container of a trial where the run's engine does not. */
export interface OwnEngine {
  /** Cgroup that only this trial's runtime uses. */
  readonly runtime: string;
  /** Cgroup of a daemon that serves all trials; null where there is none. */
  readonly daemon: string | null;
}

export function pathsOfOwn({ runtime, daemon }: OwnEngine): readonly string[] {
  return daemon === null ? [runtime] : [runtime, daemon];
}

/**
 * The meter of one trial. `ownEngine`: null where the run's engine starts its container. `atOnce`: does another trial
 * run at the same time? Its usage does not count as other load, and the CPU time of an engine that both share cannot be
 * attributed to either.
 */
export function loadMeter(
  place: Pick<HostContext, 'layout' | 'driver' | 'runId' | 'engineCgroups'>,
  {
    ownEngine,
    atOnce,
    snapshot = takeHostSnapshot,
  }: {
    readonly ownEngine: OwnEngine | null;
    readonly atOnce: boolean;
    /** Replaced in tests. */
    readonly snapshot?: () => HostSnapshot;
  },
): LoadMeter {
  const { layout, runId } = place;
  const engine = ownEngine === null ? place.engineCgroups : { paths: pathsOfOwn(ownEngine) };
  const isShared = ownEngine === null || ownEngine.daemon !== null;
  const ofRun = runCgroup(ownEngine === null ? place.driver : 'cgroupfs', runId);
  const engineNow = (): Figure => {
    if ('absent' in engine) return engine;
    return atOnce && isShared ? absent(text.duet) : readEngineCpu(layout, engine.paths);
  };
  const togetherNow = (): Figure | null => {
    if (!atOnce) return null;
    if ('absent' in engine) return engine;
    const beside = engine.paths.filter((path) => !path.startsWith(`${ofRun}/`));
    return readEngineCpu(layout, [ofRun, ...beside]);
  };
  const othersNow = (): OtherLoad | null => {
    if ('paths' in engine) return null;
    const { daemons } = engine;
    return readOtherLoad(layout, daemons === undefined ? [] : daemonPids(daemons));
  };
  let before: BeginCounters | null = null;
  return {
    begin() {
      const others = othersNow();
      const harness = process.cpuUsage();
      before = { host: snapshot(), engine: engineNow(), together: togetherNow(), harness, others };
    },
    engineNow,
    end(totals, besideNs) {
      if (before === null) return { engineCpu: absent(text.notBegun), noise: null };
      const engineCpu = figureDelta(before.engine, engineNow());
      const now = togetherNow();
      const together = before.together === null || now === null ? null : figureDelta(before.together, now);
      const others =
        before.others === null ? null : otherLoadBetween(before.others, othersNow() ?? new Map());
      const used = together === null ? sumOf(totals.figures['cpu.usage'], engineCpu) : sumOf(together);
      const { user, system } = process.cpuUsage(before.harness);
      const own: OwnLoad = {
        cpuNs: used === null ? null : used + besideNs + (user + system) * 1000,
        otherCpuNs: others,
        ...(together === null ? stallsOf(totals) : unknownStalls),
      };
      return { engineCpu, noise: noiseBetween(before.host, snapshot(), own) };
    },
  };
}

type Stalls = Pick<OwnLoad, 'cpuPressureNs' | 'ioPressureNs' | 'memoryPressureNs'>;

/** For concurrent trials: time in which both cgroups stall would count twice. */
const unknownStalls: Stalls = { cpuPressureNs: null, ioPressureNs: null, memoryPressureNs: null };

function stallsOf({ figures }: CgroupTotals): Stalls {
  return {
    cpuPressureNs: sumOf(figures['pressure.cpu.some']),
    ioPressureNs: sumOf(figures['pressure.io.some']),
    memoryPressureNs: sumOf(figures['pressure.memory.some']),
  };
}

/** The sum; null where a summand is absent. */
function sumOf(...figures: readonly (Figure | undefined)[]): number | null {
  let sum = 0;
  for (const figure of figures) {
    if (figure === undefined || 'absent' in figure) return null;
    sum += figure.value;
  }
  return sum;
}
