/** Names of the presets, which decide how much is measured. */
export const presets = [
  'quick',
  'standard',
  'full',
  'lab',
  'hardening',
  'gvisor-flags',
  'capacity',
  'sandbox',
] as const;

/**
 * Time between two readings of a trial's cgroup, ms. A shorter one than `min` would mostly measure the harness; a
 * longer one than `max` would read nothing.
 */
export const samplePeriodMs = { min: 5, default: 100, max: 60_000 } as const;

/** Layers for which there is an adapter. */
export const measuredLayers = ['docker', 'containerd', 'oci', 'podman', 'floor'] as const;
