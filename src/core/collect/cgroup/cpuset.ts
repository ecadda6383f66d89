import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, makeCgroup, readText } from './files.ts';
import type { CgroupLayout } from './layout.ts';

/**
 * Make the cgroup `path` of the v1 controller cpuset, with the CPUs and memory nodes of the cgroup above it. A new one has
 * none, so that nothing below it can have any: not every runtime fills those above its own (runsc does not). Returns the
 * errors; v2 needs nothing of this.
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
