import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layoutOf } from '../collect/cgroup/layout.ts';
import { parseCpuList } from '../model/machine/cpu-list.ts';

/** CPUs of this host, for trials that each get some of them. */
export interface HostCpus {
  /** CPUs available to both containers and this process. */
  readonly cpus: readonly number[];
  /** CPU → all CPUs of its core, itself included; only CPUs for which the kernel reports it. */
  readonly siblings: ReadonlyMap<number, readonly number[]>;
  /** Is the cgroup controller cpuset available, which restricts a container to some CPUs? */
  readonly canPin: boolean;
}

/**
 * Files with the CPUs of the top cgroup, of which the first existing one counts: v2, v1, and v1 without effective lists (Linux
 * < 3.17).
 */
const cpusetFiles = ['cpuset.cpus.effective', 'cpuset.effective_cpus', 'cpuset.cpus'];

/**
 * Read which CPUs trials can get: those of the top cgroup (the host's, or this container's) within this process's affinity.
 * Empty where neither can be read. `root` is for tests. Never throws.
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
  // Before Linux 5.15 the top cgroup of v2 has no list: it has all CPUs.
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
