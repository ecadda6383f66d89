import { hostname, release, totalmem } from 'node:os';
import { basename } from 'node:path';
import type { EngineFacts, HostFacts } from '../../model/host.ts';

/** The fields of `/info` that tell where a daemon runs; everything else of it stays unread and unrecorded. */
export interface PlaceInfo {
  readonly Name?: string;
  readonly OperatingSystem?: string;
  readonly KernelVersion?: string;
  readonly Architecture?: string;
  readonly NCPU?: number;
  readonly MemTotal?: number;
  readonly CgroupVersion?: string;
  readonly SecurityOptions?: readonly string[] | null;
  readonly DockerRootDir?: string;
}

/** This machine as a daemon on it would describe it. */
export interface Here {
  readonly kernel: string;
  readonly name: string;
  readonly memoryBytes: number;
}

const here = (): Here => ({ kernel: release(), name: hostname(), memoryBytes: totalmem() });

/** `name=rootless`, `name=seccomp,profile=builtin` … */
function hasOption(info: PlaceInfo, name: string): boolean {
  return (info.SecurityOptions ?? []).some((option) => option.split(',').includes(`name=${name}`));
}

/** With userns-remap the daemon keeps its data below `<uid>.<gid>`, the user that root in the containers is. */
function remappedRoot(info: PlaceInfo): EngineFacts['userns'] {
  if (!hasOption(info, 'userns')) return undefined;
  const found = /^(\d+)\.(\d+)$/.exec(basename(info.DockerRootDir ?? ''));
  return found === null ? undefined : { uid: Number(found[1]), gid: Number(found[2]) };
}

function whyOutOfReach(
  info: PlaceInfo,
  transport: EngineFacts['transport'],
  now: Here,
): EngineFacts['hidden'] {
  if (transport !== 'unix') return 'remote';
  const otherKernel = info.KernelVersion !== undefined && info.KernelVersion !== now.kernel;
  const otherMachine = info.Name !== undefined && info.Name !== now.name && info.MemTotal !== now.memoryBytes;
  if (otherKernel || otherMachine) return 'other-kernel';
  return hasOption(info, 'rootless') ? 'rootless' : undefined;
}

/** Are cgroups and processes of the daemon's containers within reach of this process, and if not, why? */
export function placeOf(
  info: PlaceInfo,
  transport: EngineFacts['transport'],
  now: Here = here(),
): Pick<EngineFacts, 'local' | 'hidden' | 'userns'> {
  const hidden = whyOutOfReach(info, transport, now);
  const userns = remappedRoot(info);
  return {
    local: hidden === undefined,
    ...(hidden === undefined ? {} : { hidden }),
    ...(userns === undefined ? {} : { userns }),
  };
}

/** The daemon's own machine as far as it tells; what it does not tell is null or unknown. */
export function machineOf(info: PlaceInfo): HostFacts {
  return {
    hostname: info.Name ?? 'unknown',
    os: info.OperatingSystem ?? 'unknown',
    kernel: info.KernelVersion ?? 'unknown',
    arch: info.Architecture ?? 'unknown',
    cpuModel: 'unknown',
    cpus: info.NCPU ?? 0,
    memoryBytes: info.MemTotal ?? 0,
    cgroup: info.CgroupVersion === '2' ? 'v2' : info.CgroupVersion === '1' ? 'v1' : 'unknown',
    controllers: [],
    hypervisor: null,
    emulation: null,
    clocksource: null,
    governor: null,
    turbo: null,
    smt: null,
    thpShmem: null,
    ksm: null,
    swapUsedBytes: null,
    loadAverage1: null,
    mitigations: {},
  };
}
