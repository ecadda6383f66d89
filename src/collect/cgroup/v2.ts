import { cgroupMetrics } from '../../metrics/cgroup/index.ts';
import type { CgroupFiles, Figures } from '../../metrics/figure.ts';

/** The files of a cgroup v2 directory that {@link figuresFromV2} understands. */
export const v2Files: readonly string[] = [...new Set(cgroupMetrics.map(({ v2 }) => v2.file))];

/**
 * The figures of one cgroup v2 directory. All counters but throttling include the cgroups below it, also
 * those that are gone (Documentation/admin-guide/cgroup-v2.rst). `stacked` names the block devices that lie
 * on others. `throttlePeers` are `cpu.stat` texts of cgroups below, where CPU quotas may sit. Bad text gives
 * an absent figure, never an exception.
 */
export function figuresFromV2(
  files: CgroupFiles,
  stacked: ReadonlySet<string> = new Set(),
  throttlePeers: readonly string[] = [],
): Figures {
  const cgroup = { files, stacked, throttlePeers };
  return Object.fromEntries(cgroupMetrics.map(({ id, v2 }) => [id, v2.read(cgroup)]));
}
