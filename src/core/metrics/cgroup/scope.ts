/** Sentence that the description of every hierarchical figure ends with: which cgroups it covers. */
export const cgroupScope =
  'Read from the trial’s parent cgroup after the container was gone, so it holds everything charged to the container: program, runtime init and, under gVisor, sentry and gofer; not shim, dockerd or containerd. Under Kata the VMM is in it only with sandbox_cgroup_only.';
