import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layoutOf } from '../collect/cgroup/layout.ts';
import { parseCpuList } from '../model/cpu-list.ts';

/** CPUs of this host, for trials that get some of them each. */
export interface HostCpus {
  /** Those that containers can have and this process has. */
  readonly cpus: readonly number[];
  /** CPU → all CPUs of its core, itself included; where the kernel tells. */
  readonly siblings: ReadonlyMap<number, readonly number[]>;
  /** Is there the cgroup controller that keeps a container on some of them? */
  readonly canPin: boolean;
}

/** Where the kernel says what the top cgroup has, the first that exists: v2, v1, and v1 without effective lists (Linux < 3.17). */
const cpusetFiles = ['cpuset.cpus.effective', 'cpuset.effective_cpus', 'cpuset.cpus'];

/**
 * Read which CPUs can be given to trials, below `root` (tests give a directory of their own): those of the top cgroup, which
 * are the host's or the container's in which it is seen, as far as the affinity of this process reaches. Empty where neither
 * can be read. Never throws.
 */
export async function readHostCpus(root = '/'): Promise<HostCpus> {
  const read = (...path: string[]) => readFile(join(root, ...path), 'utf8').catch(() => null);
  const layout = layoutOf(
    (await read('proc/self/mountinfo')) ?? '',
    (await read('sys/fs/cgroup/cgroup.controllers')) ?? '',
  );
  const top = layout.kind === 'v2' ? layout.unified : (layout.v1.cpuset ?? null);
  const lists = top === null ? [] : await Promise.all(cpusetFiles.map((name) => read(top, name)));
  const given = lists.map((text) => parseCpuList(text ?? '') ?? []).find((cpus) => cpus.length > 0);
  const status = (await read('proc/self/status')) ?? '';
  const [, affinity = ''] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status) ?? [];
  const allowed = parseCpuList(affinity) ?? [];
  // The top cgroup of v2 has no list of its own before Linux 5.15: it has all.
  const cpus = given === undefined ? allowed : allowed.filter((cpu) => given.includes(cpu));
  return { cpus, siblings: await siblingsBelow(root), canPin: layout.controllers.includes('cpuset') };
}

async function siblingsBelow(root: string): Promise<HostCpus['siblings']> {
  const directory = join(root, 'sys/devices/system/cpu');
  const names = await readdir(directory).catch(() => []);
  const siblings = new Map<number, readonly number[]>();
  for (const name of names) {
    const [, cpu] = /^cpu(\d+)$/.exec(name) ?? [];
    if (cpu === undefined) continue;
    const text = await readFile(join(directory, name, 'topology/thread_siblings_list'), 'utf8').catch(
      () => '',
    );
    const core = parseCpuList(text);
    if (core !== null && core.length > 0) siblings.set(Number(cpu), core);
  }
  return siblings;
}
