import type Docker from 'dockerode';
import type { ContainerProfile } from '../../model/container-profile.ts';
import { type ContainerRequest, defaultMemoryBytes, pidsLimit } from '../../model/workload.ts';

/**
 * What a profile says of a container's HostConfig. What it says nothing of is Docker's own, but for memory and processes: these
 * limits protect the host.
 */
export function profileOptions(profile: ContainerProfile, request: ContainerRequest): Docker.HostConfig {
  const { memoryBytes = request.memoryBytes ?? defaultMemoryBytes, ulimits, capDrop, capAdd } = profile;
  const log = request.log ?? profile.log;
  const limits = profile.pidsLimit ?? pidsLimit;
  return {
    ...(memoryBytes === 'unlimited' ? {} : { Memory: memoryBytes, MemorySwap: memoryBytes }),
    ...(limits === 'unlimited' ? {} : { PidsLimit: limits }),
    SecurityOpt: securityOptions(profile),
    ...(capDrop === undefined ? {} : { CapDrop: [...capDrop] }),
    ...(capAdd === undefined ? {} : { CapAdd: [...capAdd] }),
    ...(log === undefined ? {} : { LogConfig: logConfig(log) }),
    ...(profile.readonlyRootfs === true ? { ReadonlyRootfs: true } : {}),
    ...(profile.init === true ? { Init: true } : {}),
    ...(ulimits === undefined
      ? {}
      : {
          Ulimits: Object.entries(ulimits).map(([name, { soft, hard }]) => ({
            Name: name,
            Soft: soft,
            Hard: hard,
          })),
        }),
  };
}

function securityOptions({ seccomp, apparmor, noNewPrivileges }: ContainerProfile): string[] {
  const filter = seccomp === undefined || seccomp === 'unconfined' ? seccomp : JSON.stringify(seccomp.rules);
  return [
    ...(noNewPrivileges === true ? ['no-new-privileges'] : []),
    ...(filter === undefined ? [] : [`seccomp=${filter}`]),
    ...(apparmor === undefined ? [] : [`apparmor=${apparmor}`]),
  ];
}

/** The log is limited as well: a program that floods it must not fill the engine's disk within its time limit. */
export function logConfig(log: NonNullable<ContainerProfile['log']>): Docker.HostConfig['LogConfig'] {
  if (log === 'none') return { Type: 'none', Config: {} };
  const limits = { 'max-size': '64m', 'max-file': '1' };
  // Docker's driver `local` compresses by default, and refuses to start a container whose one file it would have to compress.
  return { Type: log, Config: log === 'local' ? { ...limits, compress: 'false' } : limits };
}
