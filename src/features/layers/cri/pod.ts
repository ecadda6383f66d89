import type { ContainerSpec } from '../../../core/engine/engine.ts';
import { splitCgroup } from '../../../core/model/trial/split-cgroup.ts';
import { defaultMemoryBytes } from '../../../core/model/workload/workload.ts';
import {
  capabilitiesOf,
  cpuQuota,
  environmentOf,
  maskedPaths,
  pidsLimit,
  readonlyPaths,
} from '../oci/bundle.ts';

/** The image of every pod's pause container. It is never pulled: containerd has it before the first pod. */
export const sandboxImage = 'localhost/ocibench/pause:1';

/** Name under which the CRI plugin looks up an image of ocibench. */
export function imageName(reference: string): string {
  return `localhost/${reference}`;
}

/** Label of a pod and its container, by which they are found after an aborted creation. */
export const nameLabel = 'io.ocibench.name';

/**
 * `NODE`: the pod has no network namespace of its own, so no CNI plugin is involved. The node is the private containerd, whose
 * network namespace has only a loopback device.
 */
const namespaceOptions = { network: 'NODE', pid: 'CONTAINER', ipc: 'POD' } as const;

/** containerd's default filter, which is Docker's. */
const seccomp = { profileType: 'RuntimeDefault' } as const;

/** Settings of a pod that depend on the host and the run. */
export interface PodSettings {
  /** Unique for each pod. */
  readonly uid: string;
  /** Directory and file name of its container's log. */
  readonly logDirectory: string;
  readonly logPath: string;
  /**
   * Is the container inside the sandbox, so that their figures cannot be separated? Then both are in the container's cgroup;
   * otherwise the sandbox is in the runtime's cgroup.
   */
  readonly isOneSandbox: boolean;
  /** Does the kernel account for swap? Otherwise swap cannot be limited. */
  readonly limitsSwap: boolean;
}

/** The labels of a pod and of its container. */
const labelsOf = ({ labels, name }: ContainerSpec) => ({ ...labels, [nameLabel]: name });

/** The request of `RunPodSandbox` for a container's pod. `part`: its cgroup below the trial's. */
function podConfig(spec: ContainerSpec, { uid, logDirectory }: PodSettings, part: string) {
  return {
    metadata: { name: spec.name, uid, namespace: 'ocibench', attempt: 0 },
    logDirectory,
    labels: labelsOf(spec),
    linux: {
      ...(spec.cgroupParent === null ? {} : { cgroupParent: `${spec.cgroupParent}/${part}` }),
      securityContext: { namespaceOptions, readonlyRootfs: true, seccomp },
    },
  };
}

/**
 * The requests for a pod and its container: the same limits, capabilities and paths as `containerOptions` requests of Docker,
 * as far as the CRI supports them. It does not support a limit of processes: see `podLimits`.
 */
export function podRequests(spec: ContainerSpec, place: PodSettings) {
  const { command, cpus, mounts = [], memoryBytes = defaultMemoryBytes } = spec.request;
  const { container, runtime } = splitCgroup;
  const quota = cpus === undefined ? null : cpuQuota(cpus);
  const config = {
    metadata: { name: 'main', attempt: 0 },
    image: { image: imageName(spec.image) },
    command: [...command],
    workingDir: '/',
    envs: Object.entries(environmentOf(spec.request)).map(([key, value]) => ({ key, value })),
    mounts: mounts.map(({ target }) => ({
      containerPath: target,
      hostPath: spec.bindSources[target],
      propagation: 'PROPAGATION_PRIVATE',
    })),
    labels: labelsOf(spec),
    logPath: place.logPath,
    linux: {
      resources: {
        memoryLimitInBytes: memoryBytes,
        ...(place.limitsSwap ? { memorySwapLimitInBytes: memoryBytes } : {}),
        ...(quota === null ? {} : { cpuPeriod: quota.period, cpuQuota: quota.quota }),
        ...(spec.cpuset === undefined ? {} : { cpusetCpus: spec.cpuset }),
      },
      securityContext: {
        namespaceOptions,
        noNewPrivs: true,
        seccomp,
        capabilities: { dropCapabilities: ['ALL'], addCapabilities: capabilitiesOf(spec.request) },
        maskedPaths,
        readonlyPaths,
      },
    },
  };
  return {
    sandbox: {
      config: podConfig(spec, place, place.isOneSandbox ? container : runtime),
      runtimeHandler: spec.runtime,
    },
    container: (podSandboxId: string) => ({
      podSandboxId,
      config,
      sandboxConfig: podConfig(spec, place, container),
    }),
  };
}

/** Limits that the kubelet itself writes into a cgroup of this number of pods: file of the cgroup → text. */
export function podLimits({ memoryBytes = defaultMemoryBytes }: ContainerSpec['request'], pods: number) {
  const memory = String(memoryBytes * pods);
  return {
    'pids.max': String(pidsLimit * pods),
    'memory.max': memory,
    'memory.limit_in_bytes': memory,
  };
}
