import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileRead, valuesOf } from '../../metrics/figure.ts';
import type { LayerAccounting } from '../../model/trial/split-cgroup.ts';
import type { CgroupTotals } from '../../model/trial/trial.ts';
import { execa } from '../../programs/execa.ts';
import { readCpu } from '../engine-cgroup.ts';
import { errorCode, makeCgroup, missingReason, readText, removeCgroups } from './files.ts';
import type { CgroupLayout } from './layout.ts';
import { everyCgroupDir, makeCgroups, pidsOfCgroup } from './make.ts';
import { type CgroupDriver, trialCgroupNames } from './names.ts';
import { type CgroupFilePath, type FigureParser, figureFilePaths, figureParser, readCgroup } from './read.ts';

/** Maximum size of an accounting file, bytes; a text of this length counts as truncated (it lacks its last newline). */
const bufferBytes = 64 * 1024;

/**
 * Files that are opened once and reread from offset 0. The kernel regenerates their text for every such read, so a
 * reading costs one system call per file.
 */
class OpenFiles {
  readonly #files: readonly { readonly name: string; readonly fd: number }[];
  readonly #missing: Record<string, FileRead> = {};
  readonly #buffer = Buffer.allocUnsafe(bufferBytes);

  constructor(paths: readonly CgroupFilePath[]) {
    const files: { name: string; fd: number }[] = [];
    for (const { name, path } of paths) {
      try {
        files.push({ name, fd: openSync(path, 'r') });
      } catch (error) {
        this.#missing[name] = { missing: missingReason(error) };
      }
    }
    this.#files = files;
  }

  get count(): number {
    return this.#files.length;
  }

  /** Read the texts of all files, or of these; null once the cgroup is gone (ENODEV). */
  read(only?: ReadonlySet<string>): Record<string, FileRead> | null {
    const texts: Record<string, FileRead> = { ...this.#missing };
    for (const { name, fd } of this.#files) {
      if (only?.has(name) === false) continue;
      try {
        const bytes = readSync(fd, this.#buffer, 0, bufferBytes, 0);
        texts[name] = { text: this.#buffer.toString('latin1', 0, bytes) };
      } catch (error) {
        if (errorCode(error) === 'ENODEV') return null;
        texts[name] = { missing: missingReason(error) };
      }
    }
    return texts;
  }

  close(): void {
    for (const { fd } of this.#files) closeSync(fd);
  }
}

/**
 * Make the cgroup `path` of the v1 controller cpuset, with the CPUs and memory nodes of the cgroup above it. A new cpuset has
 * no CPUs, so its descendants could have none either, and not every runtime fills the cpusets above its own (runsc does not).
 * Returns the errors; v2 does not need this.
 */
export function fillCpuset(layout: CgroupLayout, path: string): readonly string[] {
  const { cpuset } = layout.v1;
  if (layout.kind === 'v2' || cpuset === undefined) return [];
  const problems: string[] = [];
  let above = cpuset;
  for (const name of path.split('/')) {
    const dir = join(above, name);
    const problem = makeCgroup(dir);
    if (problem !== null) problems.push(problem);
    for (const file of ['cpuset.cpus', 'cpuset.mems']) problems.push(...inherit(above, dir, file));
    above = dir;
  }
  return problems;
}

function inherit(above: string, dir: string, file: string): readonly string[] {
  const [own, theirs] = [readText(join(dir, file)), readText(join(above, file))];
  if (!('text' in theirs) || ('text' in own && own.text.trim() !== '')) return [];
  try {
    writeFileSync(join(dir, file), theirs.text.trim());
    return [];
  } catch (error) {
    return [`${file} of ${dir} could not be set: ${errorCode(error)}`];
  }
}

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
  /** The sibling cgroup that counts the runtime's own processes; null where the harness does not place them. */
  readonly runtimePath: string | null;
  /** Create it, so that it counts from zero. Returns the errors; empty on success. */
  prepare(): Promise<readonly string[]>;
  /** All its counters, to be read when the container is gone. */
  readTotals(): CgroupTotals;
  /** Its current figures, without absent ones. */
  readNow(): Record<string, number>;
  /** CPU time used so far, ns; null where unreadable. Reads only one file, because it is called while the workload runs. */
  cpuNow(): number | null;
  /** Host ids of the processes in it and its descendants. */
  pids(): readonly number[];
  /** Opens the files of its figures for a series; `parse` converts their texts. */
  series(): { open(): Pick<OpenFiles, 'read' | 'close'>; readonly parse: FigureParser };
  /** Remove it and its descendants. Returns what is left. */
  remove(): Promise<readonly string[]>;
}

/** Settings that make systemd account for a unit (systemd.resource-control(5)). */
const accounting = ['CPUAccounting', 'MemoryAccounting', 'IOAccounting', 'TasksAccounting'];

/** Arguments of `busctl` that start a transient slice through systemd's D-Bus interface. */
function startSliceArguments(slice: string): readonly string[] {
  return [
    'call',
    'org.freedesktop.systemd1',
    '/org/freedesktop/systemd1',
    'org.freedesktop.systemd1.Manager',
    'StartTransientUnit',
    'ssa(sv)a(sa(sv))',
    slice,
    'fail',
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
  /** Accounting of a layer beside the run's engine; the driver is then cgroupfs. */
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
      parse: figureParser(layout, 'values'),
    }),
    remove: async () => {
      const problems = driver === 'systemd' ? await stopSlice(parent) : [];
      return [...problems, ...(await removeCgroups(everyCgroupDir(layout, whole)))];
    },
  };
}
