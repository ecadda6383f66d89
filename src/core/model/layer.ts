/** Layers for which there is an adapter. */
export const measuredLayers = ['docker', 'containerd', 'oci', 'podman', 'floor', 'cri'] as const;
