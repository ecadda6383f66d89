import { type HarnessMetric, metric } from './metric.ts';

/** Phases of a container’s life, from the marks of its trial. */
export const startupMetrics: readonly HarnessMetric[] = [
  metric({
    id: 'startup.to_output',
    unit: 'ns',
    better: 'lower',
    label: 'time to first output',
    description:
      'From the create request to the first byte that the container prints: what somebody waits for who wants an answer from a container that does not exist yet. Host CLOCK_MONOTONIC. Contains Docker, containerd and shim; not the image pull.',
  }),
  metric({
    id: 'startup.create',
    unit: 'ns',
    better: 'lower',
    label: 'create',
    description:
      'The create call of the engine API: file system and configuration. The OCI runtime is not called yet, so runtimes should not differ.',
  }),
  metric({
    id: 'startup.pod',
    unit: 'ns',
    better: 'lower',
    label: 'pod',
    description:
      'The part of startup.create in which Kubernetes’ interface (CRI) makes the pod around the container: its sandbox with a container of its own (RunPodSandbox). Only at the layer cri.',
  }),
  metric({
    id: 'startup.start',
    unit: 'ns',
    better: 'lower',
    label: 'start',
    description:
      'The start call of the engine API until it answers: shim, OCI runtime create and start, network. Does not contain the work of the program itself.',
  }),
  metric({
    id: 'startup.first_output',
    unit: 'ns',
    better: 'lower',
    label: 'start to first output',
    description:
      'From the start request to the first byte printed: startup.start plus what the program needs until it prints. The byte may arrive before the start call answers.',
  }),
  metric({
    id: 'startup.run',
    unit: 'ns',
    better: 'lower',
    label: 'run',
    description:
      'From the first byte printed to the exit that the engine reports: the rest of the program and the engine noticing its end.',
  }),
  metric({
    id: 'startup.remove',
    unit: 'ns',
    better: 'lower',
    label: 'remove',
    description: 'The remove call of the engine API: unmounting, deleting files and cgroups.',
  }),
  metric({
    id: 'startup.total',
    unit: 'ns',
    better: 'lower',
    label: 'create to removed',
    description: 'From the create request to the answer of the remove call: a container’s whole life.',
  }),
];
