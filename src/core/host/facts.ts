import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism, hostname, loadavg, machine, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { layoutOf } from '../collect/cgroup/layout.ts';
import { parseLoadAverage } from '../collect/host-parse.ts';
import type { HostFacts } from '../model/host.ts';
import { parseEmulation } from './emulation.ts';
import {
  parseCpuinfo,
  parseHypervisor,
  parseKsm,
  parseMeminfo,
  parseOsRelease,
  parseSelected,
  parseSwitch,
  parseTurbo,
} from './facts-parse.ts';

const cpuDir = 'sys/devices/system/cpu';

async function mitigationsBelow(
  root: string,
  read: (path: string) => Promise<string | null>,
): Promise<Record<string, string>> {
  const directory = `${cpuDir}/vulnerabilities`;
  const names = await readdir(join(root, directory)).catch(() => []);
  const states = await Promise.all(
    names.sort().map(async (name) => [name, await read(`${directory}/${name}`)] as const),
  );
  return Object.fromEntries(
    states.flatMap(([name, state]) => (state === null ? [] : [[name, state.trim()]])),
  );
}

/**
 * Reads the machine's facts below `root` (a directory of fixtures in tests). Never throws: unreadable facts are null.
 */
export async function readHostFacts(root = '/'): Promise<HostFacts> {
  const read = (path: string) => readFile(join(root, path), 'utf8').catch(() => null);
  const word = async (path: string) => (await read(path))?.trim() || null;
  const cpuinfoText = (await read('proc/cpuinfo')) ?? '';
  const cpuinfo = parseCpuinfo(cpuinfoText);
  const meminfo = (await read('proc/meminfo')) ?? '';
  const clocksource = await word('sys/devices/system/clocksource/clocksource0/current_clocksource');
  const swapTotal = parseMeminfo(meminfo, 'SwapTotal');
  const swapFree = parseMeminfo(meminfo, 'SwapFree');
  const layout = layoutOf(
    (await read('proc/self/mountinfo')) ?? '',
    (await read('sys/fs/cgroup/cgroup.controllers')) ?? '',
  );
  return {
    hostname: hostname(),
    os: parseOsRelease((await read('etc/os-release')) ?? ''),
    kernel: (await word('proc/sys/kernel/osrelease')) ?? release(),
    arch: machine(),
    cpuModel: cpuinfo.model ?? 'unknown',
    cpus: availableParallelism(),
    microcode: cpuinfo.microcode,
    memoryBytes: parseMeminfo(meminfo, 'MemTotal') ?? totalmem(),
    cgroup: layout.kind,
    controllers: [...layout.controllers],
    hypervisor: parseHypervisor({
      vendor: await word('sys/class/dmi/id/sys_vendor'),
      product: await word('sys/class/dmi/id/product_name'),
      hypervisorType: await word('sys/hypervisor/type'),
      hypervisorFlag: cpuinfo.hypervisorFlag,
      clocksource,
    }),
    emulation: parseEmulation((await read('proc/cmdline')) ?? '', cpuinfoText),
    clocksource,
    governor: await word(`${cpuDir}/cpu0/cpufreq/scaling_governor`),
    turbo: parseTurbo(await read(`${cpuDir}/intel_pstate/no_turbo`), await read(`${cpuDir}/cpufreq/boost`)),
    smt: parseSwitch(await read(`${cpuDir}/smt/active`)),
    thpShmem: parseSelected((await read('sys/kernel/mm/transparent_hugepage/shmem_enabled')) ?? ''),
    ksm: parseKsm(await read('sys/kernel/mm/ksm/run')),
    swapUsedBytes: swapTotal === null || swapFree === null ? null : swapTotal - swapFree,
    loadAverage1: parseLoadAverage((await read('proc/loadavg')) ?? '') ?? loadavg()[0] ?? null,
    mitigations: await mitigationsBelow(root, read),
  };
}
