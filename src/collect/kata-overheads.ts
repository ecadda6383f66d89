import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isContainerId } from '../runtimes/kata/cgroups.ts';
import { families } from '../runtimes/registry.ts';
import { cgroupTree, removeCgroup } from './cgroup/files.ts';
import type { CgroupLayout } from './cgroup/layout.ts';
import { everyCgroupDir } from './cgroup/make.ts';
import { runCgroup } from './cgroup/names.ts';

/** Kata's own cgroups of a sandbox (`kata_overhead/<id>`), which it leaves behind where a process is slow to end. */
export interface KataOverheads {
  /**
   * Removes those of these containers, and those that could not be removed before; waits up to `waitMs` for each. What is left
   * is written down, for the next call and for `ocibench clean`. Returns the containers that have some left. Never throws.
   */
  remove(containerIds: readonly string[], waitMs?: number): Promise<readonly string[]>;
}

const overheads = families.flatMap(({ overheadCgroups }) => overheadCgroups ?? []);

/** A list of ids that is longer than this was not written by us. */
const longestList = 1_000_000;

function readList(file: string): readonly string[] {
  try {
    const text = readFileSync(file, 'utf8');
    return text.length > longestList ? [] : text.split('\n').filter(isContainerId);
  } catch {
    return [];
  }
}

/** Writes the list, or removes it where it is empty. A disk that is full leaves cgroups behind, and fails no trial. */
function writeList(file: string, ids: readonly string[]): void {
  try {
    if (ids.length === 0) rmSync(file, { force: true });
    else {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, `${ids.join('\n')}\n`, { mode: 0o600 });
    }
  } catch {
    // Said above.
  }
}

/** The overhead cgroups of a container that exist. */
function present(layout: CgroupLayout, containerId: string): readonly string[] {
  return overheads
    .flatMap(({ of }) => of(containerId))
    .flatMap((path) => everyCgroupDir(layout, path))
    .filter((dir) => existsSync(dir));
}

/** `file`: where the containers are written down whose cgroups are left. */
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

/** Where the lists of all runs are, below the directory for what is kept between runs. */
const listsOf = (directory: string) => join(directory, 'kata-overheads');

/** The list of a run. */
export function kataOverheadsFile(directory: string, runId: string): string {
  return join(listsOf(directory), runId);
}

/** Runs that have a list: cgroups of their containers were left. */
export function runsWithKataOverheads(directory: string): readonly string[] {
  try {
    return readdirSync(listsOf(directory));
  } catch {
    return [];
  }
}

/** The Kata containers whose cgroups are below a run's: those that were there when the run was cut off. */
export function kataContainersOf(layout: CgroupLayout, runId: string): readonly string[] {
  const dirs = everyCgroupDir(layout, runCgroup('cgroupfs', runId)).flatMap(cgroupTree);
  const names = new Set(dirs.map((dir) => dir.slice(dir.lastIndexOf('/') + 1)));
  const containers = [...names].flatMap((name) =>
    overheads.flatMap(({ containerOf }) => containerOf(name) ?? []),
  );
  return [...new Set(containers)];
}
