import { execa } from 'execa';
import { valuesOf } from '../../metrics/figure.ts';
import { splitCgroup } from '../../model/split-cgroup.ts';
import type { CgroupTotals } from '../../model/trial.ts';
import { removeCgroups } from './files.ts';
import type { CgroupLayout } from './layout.ts';
import { everyCgroupDir, makeCgroups, pidsOfCgroup } from './make.ts';
import { type CgroupDriver, trialCgroupNames } from './names.ts';
import { type CgroupFilePath, type FigureParser, figureFilePaths, figureParser, readCgroup } from './read.ts';

/** How long `systemctl` and `busctl` may take. */
const systemdLimitMs = 10_000;

/**
 * The parent cgroup of one trial. It counts for all that ever ran below it and outlives the container, so
 * that its totals are exact however short the container lived. No method throws; what could not be done is
 * in the returned texts, what could not be read is absent with its reason.
 */
export interface TrialCgroup {
  /** For `HostConfig.CgroupParent`. */
  readonly parent: string;
  /** Relative to the hierarchies' roots. */
  readonly path: string;
  /** The one beside it that counts the runtime's own processes; null where they are not the harness's to place. */
  readonly runtimePath: string | null;
  /** Makes it, so that it counts from zero. Returns what went wrong; empty when all went well. */
  prepare(): Promise<readonly string[]>;
  /** Everything it counted, to be read when the container is gone. */
  readTotals(): CgroupTotals;
  /** The figures it has now, without those that are absent. */
  readNow(): Record<string, number>;
  /** Host ids of the processes in it and below it. */
  pids(): readonly number[];
  /** The files its figures come from and what turns them into figures, for a series that keeps them open. */
  series(): { readonly files: readonly CgroupFilePath[]; readonly parse: FigureParser };
  /** Removes it and what is below it. Returns what is left over. */
  remove(): Promise<readonly string[]>;
}

/** Everything that systemd counts for a unit only when it is told to (systemd.resource-control(5)). */
const accounting = ['CPUAccounting', 'MemoryAccounting', 'IOAccounting', 'TasksAccounting'];

/** The call of systemd's D-Bus interface that starts a transient slice, as arguments of `busctl`. */
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
 * Starts a slice unit that accounts for everything. The one that systemd makes by itself for a container lets the io
 * controller go when the container ends, and `io.stat` with it. It is transient: nothing of it stays when it is stopped.
 */
async function startSlice(slice: string): Promise<readonly string[]> {
  const result = await execa('busctl', startSliceArguments(slice), {
    reject: false,
    timeout: systemdLimitMs,
    stdin: 'ignore',
  });
  if (!result.failed) return [];
  return [`busctl could not start ${slice}: ${`${result.stderr ?? ''}`.trim() || result.shortMessage}`];
}

/** Stops a slice unit. Its cgroups go with it; a unit that is not loaded is no problem. */
export async function stopSlice(slice: string): Promise<readonly string[]> {
  const result = await execa('systemctl', ['stop', slice], {
    reject: false,
    timeout: systemdLimitMs,
    stdin: 'ignore',
  });
  const words = result.failed ? `${result.stderr ?? ''}`.trim() || (result.shortMessage ?? 'failed') : '';
  return words === '' || /not loaded/i.test(words) ? [] : [`systemctl stop ${slice}: ${words}`];
}

/**
 * The parent cgroup of a trial; nothing is made before `prepare`.
 * Throws RangeError where an id cannot be a cgroup's name.
 */
export function openTrialCgroup(options: {
  readonly layout: CgroupLayout;
  readonly driver: CgroupDriver;
  readonly runId: string;
  readonly trialId: string;
  /** Are container and runtime counted apart, each in a cgroup below the trial's? Then the driver is cgroupfs. */
  readonly split?: boolean;
}): TrialCgroup {
  const { layout, split = false } = options;
  const driver = split ? 'cgroupfs' : options.driver;
  const { parent, path: whole } = trialCgroupNames(driver, options.runId, options.trialId);
  const path = split ? `${whole}/${splitCgroup.container}` : whole;
  const runtimePath = split ? `${whole}/${splitCgroup.runtime}` : null;
  const readTotals = () => readCgroup(layout, path);
  return {
    parent,
    path,
    runtimePath,
    async prepare() {
      if (driver === 'systemd') return await startSlice(parent);
      const runtime = runtimePath === null ? [] : makeCgroups(layout, runtimePath, false);
      return [...makeCgroups(layout, path, true), ...runtime];
    },
    readTotals,
    readNow: () => valuesOf(readTotals().figures),
    pids: () => pidsOfCgroup(layout, path),
    series: () => ({ files: figureFilePaths(layout, path), parse: figureParser(layout) }),
    remove: async () => {
      const problems = driver === 'systemd' ? await stopSlice(parent) : [];
      return [...problems, ...(await removeCgroups(everyCgroupDir(layout, whole)))];
    },
  };
}
