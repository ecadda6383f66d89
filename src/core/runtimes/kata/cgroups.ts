/**
 * Cgroups of shim, VMM and virtiofsd in Kata ≥ 2 without `sandbox_cgroup_only`, outside the engine's and the
 * container's. A sandbox's child cgroup is removed with it, but its CPU time stays counted here. The second is
 * runtime-rs under the systemd driver (runtime/virtcontainers/sandbox.go, runtime-rs
 * crates/resource/src/cgroups/utils.rs).
 */
const kataOverheadCgroups = ['kata_overhead', 'kata.slice/kata-overhead.slice'] as const;

/** Is it a container's full id, 64 hex digits? */
export function isContainerId(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** Kata's cgroups of a sandbox's overhead. */
export const kataOverhead = {
  shared: kataOverheadCgroups,
  of: (containerId: string): readonly string[] => {
    if (!isContainerId(containerId)) throw new RangeError(`${containerId} is no container's full id`);
    return [`kata_overhead/${containerId}`, `kata.slice/kata-overhead.slice/runtime-rs-${containerId}.scope`];
  },
  /** Matches a sandbox's `kata_<id>`. */
  containerOf: (name: string): string | null => /^kata_([0-9a-f]{64})$/.exec(name)?.[1] ?? null,
};
