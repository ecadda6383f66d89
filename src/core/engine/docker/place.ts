import { hostname, release, totalmem } from 'node:os';
import { basename } from 'node:path';
import type { EngineFacts, HostFacts } from '../../model/machine/host.ts';

/** Fields of `/info` that show where a daemon runs; others are neither read nor recorded. */
export interface LocationInfo {
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

/** This machine in the terms in which a daemon describes its own. */
export interface ThisMachine {
  readonly kernel: string;
  readonly name: string;
  readonly memoryBytes: number;
}

const here = (): ThisMachine => ({ kernel: release(), name: hostname(), memoryBytes: totalmem() });

/** Does `SecurityOptions` contain this option? `name=rootless`, `name=seccomp,profile=builtin` … */
function hasOption(info: LocationInfo, name: string): boolean {
  return (info.SecurityOptions ?? []).some((option) => option.split(',').includes(`name=${name}`));
}

/** The host user of the containers' root: with userns-remap the daemon stores its data below `<uid>.<gid>`. */
function remappedRoot(info: LocationInfo): EngineFacts['userns'] {
  if (!hasOption(info, 'userns')) return undefined;
  const found = /^(\d+)\.(\d+)$/.exec(basename(info.DockerRootDir ?? ''));
  return found === null ? undefined : { uid: Number(found[1]), gid: Number(found[2]) };
}

/** How a daemon is reached. */
interface Reach {
  readonly transport: EngineFacts['transport'];
  /** Did a dockerd of this machine accept the connection? Only then TCP leads to this machine: a port can be forwarded. */
  readonly accepted?: boolean;
}

function whyOutOfReach(
  info: LocationInfo,
  { transport, accepted = false }: Reach,
  now: ThisMachine,
): EngineFacts['hidden'] {
  if (transport !== 'unix' && !accepted) return 'remote';
  const isUnlike = <T>(told: T | undefined, own: T) =>
    told === undefined ? transport !== 'unix' : told !== own;
  const otherKernel = isUnlike(info.KernelVersion, now.kernel);
  const otherMachine = isUnlike(info.Name, now.name) && isUnlike(info.MemTotal, now.memoryBytes);
  if (otherKernel || otherMachine) return 'other-kernel';
  return hasOption(info, 'rootless') ? 'rootless' : undefined;
}

/** Where the daemon runs and, if its containers' cgroups and processes are hidden from this process, why. */
export function placeOf(
  info: LocationInfo,
  reach: Reach,
  now: ThisMachine = here(),
): Pick<EngineFacts, 'local' | 'hidden' | 'userns'> {
  const hidden = whyOutOfReach(info, reach, now);
  const userns = remappedRoot(info);
  return {
    local: hidden === undefined,
    ...(hidden === undefined ? {} : { hidden }),
    ...(userns === undefined ? {} : { userns }),
  };
}

/** The daemon's machine by its own description; unknown fields are null or unknown. */
export function machineOf(info: LocationInfo): HostFacts {
  return {
    hostname: info.Name ?? 'unknown',
    os: info.OperatingSystem ?? 'unknown',
    kernel: info.KernelVersion ?? 'unknown',
    arch: info.Architecture ?? 'unknown',
    cpuModel: 'unknown',
    cpus: info.NCPU ?? 0,
    microcode: null,
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
