import { cgroupMetrics } from '../../metrics/cgroup/index.ts';
import { type CgroupV1, type V1Controller, v1Controllers } from '../../metrics/cgroup/source.ts';
import type { CgroupFiles, Figures } from '../../metrics/figure.ts';

/** The files that {@link figuresFromV1} parses, by the controller of their hierarchy. */
export const v1Files = Object.fromEntries(
  v1Controllers.map((controller) => [
    controller,
    [...new Set(cgroupMetrics.flatMap(({ v1 }) => (v1.controller === controller ? v1.files : [])))],
  ]),
) as Record<string, readonly string[]> as Readonly<Record<V1Controller, readonly string[]>>;

/**
 * The figures of one cgroup in the v1 hierarchies. Ids are those of v2 where the meaning is the same (see
 * `metrics/cgroup/`). Throttling and OOM kills are not added up in a parent: they are known while the container's own
 * cgroup exists. Invalid text gives an absent figure, never an exception.
 */
export function figuresFromV1(files: CgroupFiles, context: Omit<CgroupV1, 'files'>): Figures {
  const cgroup = { files, ...context };
  return Object.fromEntries(cgroupMetrics.map(({ id, v1 }) => [id, v1.read(cgroup)]));
}
