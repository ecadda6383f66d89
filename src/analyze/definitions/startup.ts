import type { MetricDefinition } from '../../model/metric.ts';
import { define } from './define.ts';

/** Phases of a container’s life, from the marks of its trial. */
export const startupMetrics: readonly MetricDefinition[] = [
  define(
    'startup.to_output',
    'ns',
    'lower',
    'From the create request to the first byte that the container prints: what somebody waits for who wants an answer from a container that does not exist yet. Host CLOCK_MONOTONIC. Contains Docker, containerd and shim; not the image pull.',
  ),
  define(
    'startup.create',
    'ns',
    'lower',
    'The create call of the engine API: file system and configuration. The OCI runtime is not called yet, so runtimes should not differ.',
  ),
  define(
    'startup.start',
    'ns',
    'lower',
    'The start call of the engine API until it answers: shim, OCI runtime create and start, network. Does not contain the work of the program itself.',
  ),
  define(
    'startup.first_output',
    'ns',
    'lower',
    'From the start request to the first byte printed: startup.start plus what the program needs until it prints. The byte may arrive before the start call answers.',
  ),
  define(
    'startup.run',
    'ns',
    'lower',
    'From the first byte printed to the exit that the engine reports: the rest of the program and the engine noticing its end.',
  ),
  define(
    'startup.remove',
    'ns',
    'lower',
    'The remove call of the engine API: unmounting, deleting files and cgroups.',
  ),
  define(
    'startup.total',
    'ns',
    'lower',
    'From the create request to the answer of the remove call: a container’s whole life.',
  ),
];
