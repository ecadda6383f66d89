import { execa } from 'execa';
import { valuesOf } from '../../metrics/figure.ts';
import type { LayerAccounting } from '../../model/split-cgroup.ts';
import type { CgroupTotals } from '../../model/trial.ts';
import { readCpu } from '../engine-cgroup.ts';
import { fillCpuset } from './cpuset.ts';
import { removeCgroups } from './files.ts';
import type { CgroupLayout } from './layout.ts';
import { everyCgroupDir, makeCgroups, pidsOfCgroup } from './make.ts';
import { type CgroupDriver, trialCgroupNames } from './names.ts';
import { OpenFiles } from './open-files.ts';
import { type FigureParser, figureFilePaths, figureParser, readCgroup } from './read.ts';

/** Timeout of `systemctl` and `busctl`, ms. */
const systemdTimeoutMs = 10_000;

/**
 * The parent cgroup of one trial. It counts everything that ever ran below it and outlives the container. Its totals
 * are therefore exact however short the container lived. No method throws: errors are in the returned texts, and an
 * unreadable figure is absent with its reason.
 */
export interface TrialCgroup {
  /** For `HostConfig.CgroupParent`. */
  readonly parent: string;
  /** Relative to the hierarchies' roots. */
  readonly path: string;
  /** The cgroup beside it that counts the runtime's own processes; null where the harness does not place them. */
  readonly runtimePath: string | null;
  /** Create it, so that it counts from zero. Returns the errors; empty on success. */
  prepare(): Promise<readonly string[]>;
  /** All its counters, to be read when the container is gone. */
  readTotals(): CgroupTotals;
  /** Its current figures, without absent ones. */
  readNow(): Record<string, number>;
  /** CPU time used so far, ns; null where it is unreadable. Reads one file, as it is asked for in the midst of the work. */
  cpuNow(): number | null;
  /** Host ids of the processes in it and its descendants. */
  pids(): readonly number[];
  /** Opens the files of its figures for a series; `parse` understands what they hold. */
  series(): { open(): Pick<OpenFiles, 'read' | 'close'>; readonly parse: FigureParser };
  /** Remove it and its descendants. Returns what is left. */
  remove(): Promise<readonly string[]>;
}

/** Settings that make systemd account for a unit (systemd.resource-control(5)). */
const accounting = ['CPUAccounting', 'MemoryAccounting', 'IOAccounting', 'TasksAccounting'];

/** Arguments of `busctl` that start a transient slice through systemd's D-Bus interface. */
function startSliceArguments(slice: string): readonly string[] {
  return [
    ...['call', 'org.freedesktop.systemd1', '/org/freedesktop/systemd1', 'org.freedesktop.systemd1.Manager'],
    ...['StartTransientUnit', 'ssa(sv)a(sa(sv))', slice, 'fail'],
    String(accounting.length),
    ...accounting.flatMap((property) => [property, 'b', 'true']),
    '0',
  ];
}

/**
 * Start a slice unit with full accounting. A slice that systemd creates for a container drops the io controller when
 * the container ends, and `io.stat` with it. This slice is transient: nothing remains after it is stopped.
 */
async function startSlice(slice: string): Promise<readonly string[]> {
  const result = await execa('busctl', startSliceArguments(slice), {
    reject: false,
    timeout: systemdTimeoutMs,
    stdin: 'ignore',
  });
  if (!result.failed) return [];
  return [`busctl could not start ${slice}: ${`${result.stderr ?? ''}`.trim() || result.shortMessage}`];
}

/** Stop a slice unit and its cgroups; a unit that is not loaded is not an error. */
export async function stopSlice(slice: string): Promise<readonly string[]> {
  const result = await execa('systemctl', ['stop', slice], {
    reject: false,
    timeout: systemdTimeoutMs,
    stdin: 'ignore',
  });
  const words = result.failed ? `${result.stderr ?? ''}`.trim() || (result.shortMessage ?? 'failed') : '';
  return words === '' || /not loaded/i.test(words) ? [] : [`systemctl stop ${slice}: ${words}`];
}

/**
 * The parent cgroup of a trial; nothing is created before `prepare`. Throws RangeError where an id is not valid in a
 * cgroup's name.
 */
export function openTrialCgroup(options: {
  readonly layout: CgroupLayout;
  readonly driver: CgroupDriver;
  readonly runId: string;
  readonly trialId: string;
  /** Of a layer beside the run's engine; the driver is cgroupfs then. */
  readonly accounting?: LayerAccounting | undefined;
  /** Do its containers get only some of the CPUs? */
  readonly pinned?: boolean;
}): TrialCgroup {
  const { layout, accounting, pinned = false } = options;
  const driver = accounting === undefined ? options.driver : 'cgroupfs';
  const { parent, path: whole } = trialCgroupNames(driver, options.runId, options.trialId);
  const split = accounting?.kind === 'split' ? accounting : null;
  const path = split === null ? whole : `${whole}/${split.container}`;
  const runtimePath = split === null ? null : `${whole}/${split.runtime}`;
  const readTotals = () => readCgroup(layout, path);
  return {
    parent,
    path,
    runtimePath,
    async prepare() {
      const cpuset = pinned ? fillCpuset(layout, path) : [];
      if (driver === 'systemd') return [...cpuset, ...(await startSlice(parent))];
      const runtime = runtimePath === null ? [] : makeCgroups(layout, runtimePath, false);
      return [...cpuset, ...makeCgroups(layout, path, true), ...runtime];
    },
    readTotals,
    readNow: () => valuesOf(readTotals().figures),
    cpuNow() {
      const cpu = readCpu(layout, path);
      return 'value' in cpu ? cpu.value : null;
    },
    pids: () => pidsOfCgroup(layout, path),
    series: () => ({
      open: () => new OpenFiles(figureFilePaths(layout, path)),
      parse: figureParser(layout),
    }),
    remove: async () => {
      const problems = driver === 'systemd' ? await stopSlice(parent) : [];
      return [...problems, ...(await removeCgroups(everyCgroupDir(layout, whole)))];
    },
  };
}
