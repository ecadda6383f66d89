import { existsSync, readdirSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { cgroupMetrics } from '../../metrics/cgroup/index.ts';
import { blkioDevices, ioStatDevices, v1Bytes } from '../../metrics/cgroup/io.ts';
import { v1Controllers } from '../../metrics/cgroup/source.ts';
import { absent, type CgroupFiles, type Figures, type FileRead } from '../../metrics/figure.ts';
import type { CgroupMetric } from '../../metrics/metric.ts';
import type { CgroupTotals } from '../../model/trial/trial.ts';
import { cgroupTree, readText } from './files.ts';
import { type CgroupLayout, figuresFromV2, v2Files } from './layout.ts';
import { figuresFromV1, v1Files } from './make.ts';

/**
 * Find the block devices (`253:1`) that are stacked on others: device mapper and md have `slaves`, a loop device has a
 * backing file. Their I/O appears again on the devices below. Missing devices count as not stacked.
 */
export function stackedDevices(
  devices: Iterable<string>,
  sysDevBlock = '/sys/dev/block',
): ReadonlySet<string> {
  const stacked = new Set<string>();
  for (const device of devices) {
    const dir = join(sysDevBlock, device);
    try {
      if (readdirSync(join(dir, 'slaves')).length > 0) stacked.add(device);
    } catch {
      // A device without a `slaves` directory has none.
    }
    if (existsSync(join(dir, 'loop', 'backing_file'))) stacked.add(device);
  }
  return stacked;
}

const text = notices('absent', {
  noHierarchy: 'no cgroup hierarchy with CPU or memory accounting is mounted',
  notMounted: 'no {controller} controller is mounted',
});

/** Cgroup version whose files have the figures on this host. */
function cgroupSource(layout: CgroupLayout): 'v2' | 'v1' | 'none' {
  if (layout.kind === 'v2') return 'v2';
  return layout.kind === 'unknown' ? 'none' : 'v1';
}

/** One file of a cgroup to read: kernel name and full path. */
export interface CgroupFilePath {
  readonly name: string;
  readonly path: string;
}

/** Paths of the figures' files of the cgroup `path` (relative to the hierarchies' roots). */
export function figureFilePaths(layout: CgroupLayout, path: string): readonly CgroupFilePath[] {
  if (layout.kind === 'v2' && layout.unified !== null) {
    const dir = join(layout.unified, path);
    return v2Files.map((name) => ({ name, path: join(dir, name) }));
  }
  return v1Controllers.flatMap((controller) => {
    const mount = layout.v1[controller];
    if (mount === undefined) return [];
    return v1Files[controller].map((name) => ({ name, path: join(mount, path, name) }));
  });
}

/** v1 files whose controller is not mounted, each absent with that reason. */
function unmounted(layout: CgroupLayout): Record<string, FileRead> {
  const files: Record<string, FileRead> = {};
  if (layout.kind === 'v2') return files;
  for (const controller of v1Controllers)
    if (layout.v1[controller] === undefined)
      for (const name of v1Files[controller]) files[name] = { missing: text.notMounted({ controller }) };
  return files;
}

/** Read the files of descendant cgroups that count what their parent does not (`cpu.stat`, `memory.oom_control`). */
function readBelow(layout: CgroupLayout, path: string): readonly CgroupFiles[] {
  const names = layout.kind === 'v2' ? ['cpu.stat'] : ['cpu.stat', 'memory.oom_control'];
  const mountOf = (name: string): string | null | undefined =>
    layout.kind === 'v2' ? layout.unified : layout.v1[name === 'cpu.stat' ? 'cpu' : 'memory'];
  const below = new Map<string, Record<string, FileRead>>();
  for (const name of names) {
    const mount = mountOf(name);
    if (mount === null || mount === undefined) continue;
    const top = join(mount, path);
    for (const dir of cgroupTree(top)) {
      if (dir === top) continue;
      const key = dir.slice(top.length);
      const files = below.get(key) ?? {};
      files[name] = readText(join(dir, name));
      below.set(key, files);
    }
  }
  return [...below.values()];
}

/** All figures absent, for one reason. */
function allAbsent(reason: Message): Figures {
  return Object.fromEntries(cgroupMetrics.map(({ id }) => [id, absent(reason)]));
}

/** Converts the contents of files, and those of descendant cgroups, to figures. */
export type FigureParser = (files: CgroupFiles, below: readonly CgroupFiles[]) => Figures;

/** Text of a file, or the empty text. */
function textOrEmpty(read: FileRead | undefined): string {
  return read !== undefined && 'text' in read ? read.text : '';
}

/** The metrics of which a file was read. The others have no value; to say why would take longer than to parse these. */
function readMetrics(
  files: CgroupFiles,
  filesOf: (metric: CgroupMetric) => readonly string[],
): CgroupMetric[] {
  const isRead = (name: string) => {
    const file = files[name];
    return file !== undefined && 'text' in file;
  };
  return cgroupMetrics.filter((metric) => filesOf(metric).some(isRead));
}

/**
 * Create a parser for one layout. It looks up block devices and the root's counters once, so that a series is cheap.
 * `wanted`: figures without a value are of no use in a series.
 */
export function figureParser(layout: CgroupLayout, wanted: 'all' | 'values' = 'all'): FigureParser {
  const known = new Map<string, ReadonlySet<string>>();
  const stackedOf = (devices: readonly string[]): ReadonlySet<string> => {
    const key = devices.join(' ');
    const stacked = known.get(key) ?? stackedDevices(devices);
    known.set(key, stacked);
    return stacked;
  };
  if (layout.kind === 'v2')
    return (files, below) =>
      figuresFromV2(
        files,
        stackedOf(ioStatDevices(textOrEmpty(files['io.stat']))),
        below.map((each) => textOrEmpty(each['cpu.stat'])),
        wanted === 'all' ? cgroupMetrics : readMetrics(files, ({ v2 }) => [v2.file]),
      );
  const [major = 0, minor = 0] = release().split('.').map(Number);
  const forgetsRemoved = major > 5 || (major === 5 && minor >= 5);
  const blkio = layout.v1.blkio;
  const rootBlkio = blkio === undefined ? '' : textOrEmpty(readText(join(blkio, v1Bytes)));
  return (files, below) =>
    figuresFromV1(
      files,
      { stacked: stackedOf(blkioDevices(textOrEmpty(files[v1Bytes]))), rootBlkio, forgetsRemoved, below },
      wanted === 'all' ? cgroupMetrics : readMetrics(files, ({ v1 }) => v1.files),
    );
}

/** Read the cgroup's files and convert them to figures. Never throws; a missing figure is absent with its reason. */
export function readCgroup(layout: CgroupLayout, path: string): CgroupTotals {
  const source = cgroupSource(layout);
  if (source === 'none') return { source, path, figures: allAbsent(text.noHierarchy) };
  const files: Record<string, FileRead> = unmounted(layout);
  for (const file of figureFilePaths(layout, path)) files[file.name] = readText(file.path);
  return { source, path, figures: figureParser(layout)(files, readBelow(layout, path)) };
}
