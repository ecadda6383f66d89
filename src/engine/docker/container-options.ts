import type Docker from 'dockerode';
import { defaultMemoryBytes, droppedCapabilities, type MountRequest } from '../../model/workload.ts';
import type { ContainerSpec } from '../engine.ts';

const pidsLimit = 1024;
/** Fields that dockerode's types require and Docker's own client omits. */
const unlabelled = { NoCopy: false, Labels: {}, DriverConfig: { Name: 'local', Options: {} } };

/**
 * The create call of a trial's container. No network unless requested, no privileges, no new privileges, fewer
 * capabilities than Docker's default, and limited memory and pids (the harness limits the time). Of the host it gets
 * only the trial's own scratch directory. Unless a workload measures logging there is no log file, which would add the
 * log driver's work to the measurement (output arrives by attach).
 */
export function containerOptions(spec: ContainerSpec): Docker.ContainerCreateOptions {
  const memory = spec.request.memoryBytes ?? defaultMemoryBytes;
  const tmpfs: Record<string, string> = {};
  const binds: string[] = [];
  const volumes: Docker.MountSettings[] = [];
  const { command, entrypoint, env, network, cpus, needs } = spec.request;
  const kept = new Set<string>(needs?.capabilities ?? []);
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
    Labels: { ...spec.labels },
    AttachStdout: true,
    AttachStderr: true,
    ...(env === undefined ? {} : { Env: Object.entries(env).map(([name, value]) => `${name}=${value}`) }),
    HostConfig: {
      Runtime: spec.runtime,
      NetworkMode: network === 'bridge' ? (spec.network ?? network) : 'none',
      Memory: memory,
      MemorySwap: memory,
      PidsLimit: pidsLimit,
      SecurityOpt: ['no-new-privileges'],
      CapDrop: droppedCapabilities.filter((name) => !kept.has(name)),
      LogConfig: logConfig(spec.request),
      ...(spec.cgroupParent === null ? {} : { CgroupParent: spec.cgroupParent }),
      ...(spec.cpuset === undefined ? {} : { CpusetCpus: spec.cpuset }),
      ...(cpus === undefined ? {} : { NanoCpus: Math.round(cpus * 1e9) }),
      ...(volumes.length === 0 ? {} : { Mounts: volumes }),
      ...(binds.length === 0 ? {} : { Binds: binds }),
      ...(Object.keys(tmpfs).length === 0 ? {} : { Tmpfs: tmpfs }),
    },
  };
}

/** The log is limited as well: a program that floods it must not fill the engine's disk within its time limit. */
function logConfig({ log }: ContainerSpec['request']) {
  return log === undefined
    ? { Type: 'none', Config: {} }
    : { Type: log, Config: { 'max-size': '64m', 'max-file': '1' } };
}

function tmpfsOptions({ bytes, readOnly }: MountRequest): string {
  return [...(readOnly ? ['ro'] : []), ...(bytes === undefined ? [] : [`size=${bytes}`])].join(',');
}
