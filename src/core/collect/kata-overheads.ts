import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isContainerId } from '../runtimes/kata/checks.ts';
import { families } from '../runtimes/registry.ts';
import { cgroupTree, removeCgroup } from './cgroup/files.ts';
import type { CgroupLayout } from './cgroup/layout.ts';
import { everyCgroupDir } from './cgroup/make.ts';
import { runCgroup } from './cgroup/names.ts';

/** Kata's own cgroups of a sandbox (`kata_overhead/<id>`). Kata leaves them behind where a process ends slowly. */
export interface KataOverheads {
  /**
   * Remove the cgroups of these containers, and earlier leftovers; wait up to `waitMs` for each. Leftovers are recorded
   * for the next call and for `ocibench clean`. Returns the containers that have leftovers. Never throws.
   */
  remove(containerIds: readonly string[], waitMs?: number): Promise<readonly string[]>;
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

/** Write the list, or remove it where it is empty. A full disk leaves cgroups behind, but fails no trial. */
function writeList(file: string, ids: readonly string[]): void {
  try {
    if (ids.length === 0) rmSync(file, { force: true });
    else {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, `${ids.join('\n')}\n`, { mode: 0o600 });
    }
  } catch {
    // Leftover cgroups are better than a failed trial.
  }
}

/** The overhead cgroups of a container that exist. */
function present(layout: CgroupLayout, containerId: string): readonly string[] {
  return overheads
    .flatMap(({ of }) => of(containerId))
    .flatMap((path) => everyCgroupDir(layout, path))
    .filter((dir) => existsSync(dir));
}

/** `file`: record of the containers with leftover cgroups. */
export function openKataOverheads(layout: CgroupLayout, file: string): KataOverheads {
  return {
    async remove(containerIds, waitMs = 0) {
      const before = readList(file);
      const left: string[] = [];
      for (const id of new Set([...before, ...containerIds.filter(isContainerId)])) {
        const problems: string[] = [];
        for (const dir of present(layout, id)) problems.push(...(await removeCgroup(dir, waitMs)));
        if (problems.length > 0) left.push(id);
      }
      if (before.length + left.length > 0) writeList(file, left);
      return left;
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
