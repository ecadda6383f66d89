import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type CgroupLayout, detectCgroupLayout } from '../../../../src/core/collect/cgroup/layout.ts';

/** Plain directories that look like cgroup mounts; the caller removes `root`. */
export function fakeV2(): { root: string; layout: CgroupLayout } {
  const root = mkdtempSync(join(tmpdir(), 'ocibench-v2-'));
  return { root, layout: { kind: 'v2', unified: root, v1: {}, mounts: [root], controllers: [] } };
}

export function fakeV1(): { root: string; layout: CgroupLayout } {
  const root = mkdtempSync(join(tmpdir(), 'ocibench-v1-'));
  const at = (name: string) => join(root, name);
  const shared = at('cpu,cpuacct');
  const v1 = { cpu: shared, cpuacct: shared, memory: at('memory'), pids: at('pids'), blkio: at('blkio') };
  const mounts = [...new Set(Object.values(v1)), at('systemd')];
  for (const mount of mounts) mkdirSync(mount);
  return { root, layout: { kind: 'v1', unified: null, v1, mounts, controllers: Object.keys(v1) } };
}

export function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Files below a directory that this process has open. */
export function openBelow(root: string): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.startsWith(root) ? [path] : [];
    } catch {
      return [];
    }
  });
}

/** A run id that no other run on this host has. */
export function testRun(name: string): string {
  return `test-${name}-${process.pid}`;
}

function writable(dir: string): boolean {
  try {
    accessSync(dir, constants.W_OK);
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}

/**
 * This host's own hierarchies, as far as cgroups can be made in them: the one that counts, and on a hybrid
 * host its cgroup2 mount too, whose `cpu.stat` and pressure files are those of a v2 host.
 */
export function realLayouts(): readonly (readonly [string, CgroupLayout])[] {
  const found = detectCgroupLayout();
  const layouts: [string, CgroupLayout][] = found.kind === 'unknown' ? [] : [[found.kind, found]];
  if (found.kind === 'hybrid' && found.unified !== null)
    layouts.push([
      'the cgroup2 mount of a hybrid host',
      { kind: 'v2', unified: found.unified, v1: {}, mounts: [found.unified], controllers: [] },
    ]);
  return layouts.filter(([, layout]) => layout.mounts.every(writable));
}
