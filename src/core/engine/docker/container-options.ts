import type Docker from 'dockerode';
import { dropUndefined } from '../../model/objects.ts';
import type { ContainerProfile } from '../../model/runtime/container-profile.ts';
import {
  defaultMemoryBytes,
  droppedCapabilities,
  type MountRequest,
  pidsLimit,
} from '../../model/workload/workload.ts';
import type { ContainerSpec } from '../engine.ts';

/**
 * The HostConfig of a profile. Options that it does not set are Docker's defaults, except memory and processes, whose limits
 * protect the host.
 */
function profileOptions(
  profile: ContainerProfile,
  { request, seccomp }: Pick<ContainerSpec, 'request' | 'seccomp'>,
): Docker.HostConfig {
  const { memoryBytes = request.memoryBytes ?? defaultMemoryBytes, ulimits, capDrop, capAdd } = profile;
  const log = request.log ?? profile.log;
  const limits = profile.pidsLimit ?? pidsLimit;
  const memory = memoryBytes === 'unlimited' ? undefined : memoryBytes;
  return dropUndefined({
    Memory: memory,
    MemorySwap: memory,
    PidsLimit: limits === 'unlimited' ? undefined : limits,
    SecurityOpt: securityOptions({ ...filter(seccomp), ...profile }),
    CapDrop: capDrop && [...capDrop],
    CapAdd: capAdd && [...capAdd],
    LogConfig: log && logConfig(log),
    ReadonlyRootfs: profile.readonlyRootfs || undefined,
    Init: profile.init || undefined,
    Ulimits:
      ulimits &&
      Object.entries(ulimits).map(([name, { soft, hard }]) => ({ Name: name, Soft: soft, Hard: hard })),
  });
}

const filter = (seccomp: ContainerSpec['seccomp']) => (seccomp === undefined ? {} : { seccomp });

function securityOptions({
  seccomp,
  apparmor,
  noNewPrivileges,
}: Pick<ContainerProfile, 'seccomp' | 'apparmor' | 'noNewPrivileges'>): string[] {
  const rules = seccomp === undefined || seccomp === 'unconfined' ? seccomp : JSON.stringify(seccomp.rules);
  return [
    ...(noNewPrivileges === true ? ['no-new-privileges'] : []),
    ...(rules === undefined ? [] : [`seccomp=${rules}`]),
    ...(apparmor === undefined ? [] : [`apparmor=${apparmor}`]),
  ];
}

/** Limits the log: a program that floods it must not fill the engine's disk within its time limit. */
function logConfig(log: NonNullable<ContainerProfile['log']>): Docker.HostConfig['LogConfig'] {
  if (log === 'none') return { Type: 'none', Config: {} };
  const limits = { 'max-size': '64m', 'max-file': '1' };
  // Docker's driver `local` compresses by default, and then refuses to start a container whose log has only one file.
  return { Type: log, Config: log === 'local' ? { ...limits, compress: 'false' } : limits };
}

/** Fields that dockerode's types require and Docker's own client omits. */
const unlabelled = { NoCopy: false, Labels: {}, DriverConfig: { Name: 'local', Options: {} } };

/**
 * The create call of a trial's container. A profile replaces the following settings. No network unless requested, no
 * privileges, no new privileges, fewer capabilities than Docker's default, and limited memory and pids (the harness limits the
 * time). Its only access to the host is the trial's scratch directory. Unless a workload measures logging there is no log file,
 * which would add the log driver's work to the measurement (output arrives by attach).
 */
export function containerOptions(spec: ContainerSpec): Docker.ContainerCreateOptions {
  const tmpfs: Record<string, string> = Object.fromEntries(
    Object.entries(spec.profile?.tmpfs ?? {}).map(([target, bytes]) => [target, `size=${bytes}`]),
  );
  const binds: string[] = [];
  const volumes: Docker.MountSettings[] = [];
  const { command, entrypoint, env, network } = spec.request;
  const cpus = spec.profile?.cpus ?? spec.request.cpus;
  for (const mount of spec.request.mounts ?? []) {
    if (mount.type === 'tmpfs') tmpfs[mount.target] = tmpfsOptions(mount);
    // An anonymous volume is removed with its container.
    else if (mount.type === 'volume')
      volumes.push({ Type: 'volume', Source: '', Target: mount.target, VolumeOptions: unlabelled });
    else binds.push(`${spec.bindSources[mount.target]}:${mount.target}`);
  }
  return {
    name: spec.name,
    Image: spec.image,
    ...(command.length === 0 ? {} : { Cmd: [...command] }),
    ...(entrypoint === undefined ? {} : { Entrypoint: [...entrypoint] }),
    Labels: { ...spec.profile?.labels, ...spec.labels },
    ...(spec.request.checkpoint ? { AttachStdin: true, OpenStdin: true } : {}),
    AttachStdout: true,
    AttachStderr: true,
    ...(env === undefined ? {} : { Env: Object.entries(env).map(([name, value]) => `${name}=${value}`) }),
    ...(spec.profile?.user === undefined ? {} : { User: spec.profile.user }),
    HostConfig: {
      Runtime: spec.runtime,
      NetworkMode: network === 'bridge' ? (spec.network ?? network) : 'none',
      ...(spec.profile === undefined ? hardening(spec) : profileOptions(spec.profile, spec)),
      ...(spec.cgroupParent === null ? {} : { CgroupParent: spec.cgroupParent }),
      ...(spec.cpuset === undefined ? {} : { CpusetCpus: spec.cpuset }),
      ...(cpus === undefined ? {} : { NanoCpus: Math.round(cpus * 1e9) }),
      ...(volumes.length === 0 ? {} : { Mounts: volumes }),
      ...(binds.length === 0 ? {} : { Binds: binds }),
      ...(Object.keys(tmpfs).length === 0 ? {} : { Tmpfs: tmpfs }),
    },
  };
}

/** The settings of every container that has no profile. */
function hardening({ request, seccomp }: ContainerSpec) {
  const memory = request.memoryBytes ?? defaultMemoryBytes;
  const kept = new Set<string>(request.needs?.capabilities ?? []);
  return {
    Memory: memory,
    MemorySwap: memory,
    PidsLimit: pidsLimit,
    SecurityOpt: securityOptions({ ...filter(seccomp), noNewPrivileges: true }),
    CapDrop: droppedCapabilities.filter((name) => !kept.has(name)),
    LogConfig: logConfig(request.log ?? 'none'),
  };
}

function tmpfsOptions({ bytes, readOnly }: MountRequest): string {
  return [...(readOnly ? ['ro'] : []), ...(bytes === undefined ? [] : [`size=${bytes}`])].join(',');
}
