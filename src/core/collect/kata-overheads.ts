import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isContainerId } from '../runtimes/kata/checks.ts';
import { families } from '../runtimes/registry.ts';
import { cgroupTree, removeCgroup } from './cgroup/files.ts';
import type { CgroupLayout } from './cgroup/layout.ts';
import { everyCgroupDir } from './cgroup/make.ts';
import { runCgroup } from './cgroup/names.ts';

/**
 * Kata's own cgroups of a sandbox (`kata_overhead/<id>`). Kata leaves them behind where a process ends slowly. Every container
 * that may have some is written down when it is created, so that they are found whatever ends this process.
 */
export interface KataOverheads {
  /** Writes a container down. Never throws. */
  created(containerId: string): void;
  /**
   * Removes the cgroups of these containers, which are gone, and earlier leftovers; `'all'`: of every container. Waits up to
   * `waitMs` in all. What is left stays written down for the next call and for `ocibench clean`. Never throws.
   */
  remove(containerIds: readonly string[] | 'all', waitMs?: number): Promise<RemovedOverheads>;
}

/** Containers whose overhead cgroups were removed, and those that still have some. */
interface RemovedOverheads {
  readonly removed: readonly string[];
  readonly left: readonly string[];
}

const overheads = families.flatMap(({ overheadCgroups }) => overheadCgroups ?? []);

/** Maximum number of ids; a longer list is not from ocibench. */
const maxListLength = 1_000_000;

function readList(file: string): readonly string[] {
  try {
    const text = readFileSync(file, 'utf8');
    return text.length > maxListLength ? [] : text.split('\n').filter(isContainerId);
  } catch {
    return [];
  }
}

/** Tries ways to write in turn. A full disk leaves cgroups behind, which is better than a failed trial. */
function attempt(...ways: readonly (() => void)[]): void {
  for (const write of ways)
    try {
      write();
      return;
    } catch {}
}

const makeDirectory = (file: string) => mkdirSync(dirname(file), { recursive: true, mode: 0o700 });

/**
 * Replaces the list in one step, since this process may be killed meanwhile. An empty list is removed, and its directory with the
 * last one.
 */
function writeList(file: string, ids: readonly string[]): void {
  attempt(() => {
    if (ids.length === 0) {
      rmSync(file, { force: true });
      return rmdirSync(dirname(file));
    }
    makeDirectory(file);
    const next = `${dirname(file)}.next`;
    writeFileSync(next, `${ids.join('\n')}\n`, { mode: 0o600 });
    renameSync(next, file);
  });
}

/** The overhead cgroups of a container that exist. */
function present(layout: CgroupLayout, containerId: string): readonly string[] {
  return overheads
    .flatMap(({ of }) => of(containerId))
    .flatMap((path) => everyCgroupDir(layout, path))
    .filter((dir) => existsSync(dir));
}

/** `file`: the list of the containers that have, or may yet have, such cgroups. */
export function openKataOverheads(layout: CgroupLayout, file: string): KataOverheads {
  const running = new Set<string>();
  const ended = new Set(readList(file));
  return {
    created(containerId) {
      if (!isContainerId(containerId)) return;
      running.add(containerId);
      const append = () => appendFileSync(file, `${containerId}\n`, { mode: 0o600 });
      attempt(append, () => {
        makeDirectory(file);
        append();
      });
    },
    async remove(containerIds, waitMs = 0) {
      const known = ended.size + running.size;
      for (const id of containerIds === 'all' ? [...running] : containerIds.filter(isContainerId)) {
        running.delete(id);
        ended.add(id);
      }
      const deadline = performance.now() + waitMs;
      const [removed, left]: [string[], string[]] = [[], []];
      for (const id of [...ended]) {
        const dirs = present(layout, id);
        const problems: string[] = [];
        for (const dir of dirs)
          problems.push(...(await removeCgroup(dir, Math.max(0, deadline - performance.now()))));
        if (problems.length > 0) left.push(id);
        else {
          ended.delete(id);
          if (dirs.length > 0) removed.push(id);
        }
      }
      if (known > 0 || left.length > 0) writeList(file, [...ended, ...running]);
      return { removed, left };
    },
  };
}

/** Directory of the lists of all runs, below the directory that persists between runs. */
const listsOf = (directory: string) => join(directory, 'kata-overheads');

/** The list of a run. */
export function kataOverheadsFile(directory: string, runId: string): string {
  return join(listsOf(directory), runId);
}

/** Runs with a list: cgroups of their containers were left behind. */
export function runsWithKataOverheads(directory: string): readonly string[] {
  try {
    return readdirSync(listsOf(directory));
  } catch {
    return [];
  }
}

/** The Kata containers with cgroups below a run's: those that existed when the run was interrupted. */
export function kataContainersOf(layout: CgroupLayout, runId: string): readonly string[] {
  const dirs = everyCgroupDir(layout, runCgroup('cgroupfs', runId)).flatMap(cgroupTree);
  const names = new Set(dirs.map((dir) => dir.slice(dir.lastIndexOf('/') + 1)));
  const containers = [...names].flatMap((name) =>
    overheads.flatMap(({ containerOf }) => containerOf(name) ?? []),
  );
  return [...new Set(containers)];
}
