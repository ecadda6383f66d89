/**
 * Flags of runsc whose values are recorded, since they change what a figure is of. Names of several releases: one that a
 * release does not have stands in no entry of it, since runsc refuses it.
 */
export const runscFlags: readonly string[] = [
  // What answers a system call, and how.
  'platform platform_device_path systrap-disable-fast-path systrap-disable-syscall-patching',
  'kvm-use-cpu-nums oci-seccomp allow-suid iouring enable-core-tags cpu-num-from-quota',
  // Files.
  'overlay overlay2 file-access file-access-mounts directfs dcache fdlimit lisafs vfs2 fuse',
  'host-uds host-fifo fsgofer-host-uds character-device-policy allow-rootfs-tar-annotation',
  // Network. A sandbox that starts paused has none.
  'network num-network-channels network-processors-per-channel gso software-gso gvisor-gro qdisc',
  'qdisc-tbf-rate qdisc-tbf-burst tx-checksum-offload rx-checksum-offload buffer-pooling net-raw',
  'allow-packet-socket-write reproduce-nat reproduce-nftables TESTONLY-nftables EXPERIMENTAL-xdp',
  'EXPERIMENTAL-xdp-need-wakeup pause-external-networking log-packets pcap-log',
  // Memory, and the host: `host-settings=adjust` changes the host for every runtime.
  'app-huge-pages host-settings',
  // A start and its end: namespaces that sandboxes share, and who waits for what.
  'gofer-network-namespace shared-root root rootless control-rpc-stop-timeout sidecar-usage-policy',
  'sidecar-release-enforcement-policy pod-init-config final-metrics-log',
  // Cgroups, outside and inside.
  'ignore-cgroups systemd-cgroup cgroupfs mount-cgroup-v2',
  // Devices.
  'nvproxy tpuproxy rdmaproxy',
  // What watches costs.
  'debug debug-log debug-log-format debug-to-user-log log log-format alsologtostderr strace',
  'strace-syscalls strace-log-size strace-event trace metric-server profile profile-block',
  'profile-cpu profile-heap profile-mutex profile-gc-interval profiling-metrics',
  'profiling-metrics-log profiling-metrics-rate-us ref-leak-mode watchdog-action',
  // Annotations of a container may then change all of these.
  'allow-flag-override',
].flatMap((names) => names.split(' '));
