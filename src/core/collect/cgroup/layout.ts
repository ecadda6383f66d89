import { join } from 'node:path';
import { cgroupMetrics } from '../../metrics/cgroup/index.ts';
import type { CgroupFiles, Figures } from '../../metrics/figure.ts';
import type { CgroupMetric } from '../../metrics/metric.ts';
import type { HostFacts } from '../../model/machine/host.ts';
import { readText } from './files.ts';

/** The files of a cgroup v2 directory that {@link figuresFromV2} parses. */
export const v2Files: readonly string[] = [...new Set(cgroupMetrics.map(({ v2 }) => v2.file))];

/**
 * The figures of one cgroup v2 directory. All counters but throttling include descendant cgroups, also removed ones
 * (Documentation/admin-guide/cgroup-v2.rst). `stacked` lists block devices stacked on others. `throttlePeers` are
 * `cpu.stat` texts of descendants, which may have CPU quotas. Invalid text gives an absent figure, never an exception.
 * `metrics`: default all.
 */
export function figuresFromV2(
  files: CgroupFiles,
  stacked: ReadonlySet<string> = new Set(),
  throttlePeers: readonly string[] = [],
  metrics: readonly CgroupMetric[] = cgroupMetrics,
): Figures {
  const cgroup = { files, stacked, throttlePeers };
  return Object.fromEntries(metrics.map(({ id, v2 }) => [id, v2.read(cgroup)]));
}

/** Mount points of this host's cgroup hierarchies. */
export interface CgroupLayout {
  /** `hybrid`: v1 controllers beside a cgroup2 mount without controllers; figures come from v1. */
  readonly kind: HostFacts['cgroup'];
  /** Mount point of cgroup2; null where there is none. */
  readonly unified: string | null;
  /** v1 controller (`memory`, `cpuacct` …) → mount point; controllers mounted together share one. */
  readonly v1: Readonly<Record<string, string>>;
  /** Every hierarchy's mount point once, including named v1 hierarchies (`name=systemd`) and cgroup2. */
  readonly mounts: readonly string[];
  /** Usable controllers, sorted. */
  readonly controllers: readonly string[];
}

interface CgroupMount {
  readonly point: string;
  readonly type: 'cgroup' | 'cgroup2';
  readonly superOptions: readonly string[];
}

/** v1 controllers (include/linux/cgroup_subsys.h); other super options (`seclabel`, `xattr` …) are not controllers. */
const v1Controllers = new Set([
  'cpu',
  'cpuacct',
  'cpuset',
  'memory',
  'devices',
  'freezer',
  'net_cls',
  'net_prio',
  'blkio',
  'perf_event',
  'hugetlb',
  'pids',
  'rdma',
  'misc',
]);

/** mountinfo writes space, tab, newline and backslash as octal escapes (proc_pid_mountinfo(5)). */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Parse the cgroup mounts at or below `root` from /proc/self/mountinfo; skip lines of another form. */
function parseMounts(mountinfo: string, root: string): readonly CgroupMount[] {
  const mounts: CgroupMount[] = [];
  for (const line of mountinfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const point = unescapeOctal(left.split(' ')[4] ?? '');
    const [type, , options = ''] = right.split(' ');
    if (type !== 'cgroup' && type !== 'cgroup2') continue;
    if (point !== root && !point.startsWith(`${root}/`)) continue;
    mounts.push({ point, type, superOptions: options.split(',') });
  }
  return mounts;
}

/**
 * The layout of a mount table. `unifiedControllers` is the text of `cgroup.controllers` at the cgroup2 mount point that
 * {@link unifiedMount} finds; empty where there is none.
 */
export function layoutOf(
  mountinfo: string,
  unifiedControllers: string,
  root = '/sys/fs/cgroup',
): CgroupLayout {
  const mounts = parseMounts(mountinfo, root);
  const unified = mounts.find((mount) => mount.type === 'cgroup2')?.point ?? null;
  const v1: Record<string, string> = {};
  for (const { point, type, superOptions } of mounts) {
    if (type !== 'cgroup') continue;
    for (const option of superOptions) if (v1Controllers.has(option)) v1[option] ??= point;
  }
  const v2Controllers = unifiedControllers.trim().split(/\s+/).filter(Boolean);
  const points = [...new Set(mounts.map((mount) => mount.point))];
  // Some hosts keep one v1 controller (net_cls, devices) beside a full cgroup2. The hierarchy of CPU and memory
  // decides.
  const countedByV1 = ['cpuacct', 'memory'].some((controller) => controller in v1);
  const v2Counts = unified !== null && !countedByV1;
  const kind = v2Counts
    ? 'v2'
    : Object.keys(v1).length === 0
      ? 'unknown'
      : unified === null
        ? 'v1'
        : 'hybrid';
  return {
    kind,
    unified,
    v1,
    mounts: points,
    controllers: (v2Counts ? v2Controllers : Object.keys(v1)).toSorted(),
  };
}

/** Mount point of the first cgroup2 in a mount table, or null. */
export function unifiedMount(mountinfo: string, root = '/sys/fs/cgroup'): string | null {
  return parseMounts(mountinfo, root).find((mount) => mount.type === 'cgroup2')?.point ?? null;
}

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
