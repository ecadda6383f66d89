import { cgroupMetrics } from '../../metrics/cgroup/index.ts';
import type { CgroupFiles, Figures } from '../../metrics/figure.ts';

/** The files of a cgroup v2 directory that {@link figuresFromV2} parses. */
export const v2Files: readonly string[] = [...new Set(cgroupMetrics.map(({ v2 }) => v2.file))];

/**
 * The figures of one cgroup v2 directory. All counters but throttling include descendant cgroups, also removed ones
 * (Documentation/admin-guide/cgroup-v2.rst). `stacked` lists block devices stacked on others. `throttlePeers` are
 * `cpu.stat` texts of descendants, which may have CPU quotas. Invalid text gives an absent figure, never an exception.
 */
export function figuresFromV2(
  files: CgroupFiles,
  stacked: ReadonlySet<string> = new Set(),
  throttlePeers: readonly string[] = [],
): Figures {
  const cgroup = { files, stacked, throttlePeers };
  return Object.fromEntries(cgroupMetrics.map(({ id, v2 }) => [id, v2.read(cgroup)]));
}
