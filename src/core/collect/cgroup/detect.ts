import { join } from 'node:path';
import { readText } from './files.ts';
import { type CgroupLayout, layoutOf, unifiedMount } from './layout.ts';

/** Detect how this host's cgroups are mounted below `root`; `unknown` where none are or the table cannot be read. */
export function detectCgroupLayout(
  root = '/sys/fs/cgroup',
  mountinfoFile = '/proc/self/mountinfo',
): CgroupLayout {
  const read = readText(mountinfoFile);
  const mountinfo = 'text' in read ? read.text : '';
  const unified = unifiedMount(mountinfo, root);
  const controllers = unified === null ? null : readText(join(unified, 'cgroup.controllers'));
  return layoutOf(mountinfo, controllers !== null && 'text' in controllers ? controllers.text : '', root);
}
