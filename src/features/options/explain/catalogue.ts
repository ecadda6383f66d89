import type { DaemonConfig } from '../../../core/config/daemon-keys.ts';
import { messages, notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Category } from '../../../core/model/workload/metric.ts';

/** Explanation of a setting of the daemon. */
export interface DaemonOption {
  /** Its effect on containers. */
  readonly what: Message;
  /** Why an embedded engine cannot measure its cost; absent if one can. */
  readonly notMeasured?: Message;
  /** Dependent keys, which are set together with this one. */
  readonly having?: readonly (keyof DaemonConfig)[];
  /** Categories of workloads in which dockerd does anything else because of it; absent: it may act in all. */
  readonly acts?: readonly Category[];
}

const what = messages('explain.what', {
  usernsRemap:
    'Root in a container is another user on the host. Files of images and volumes belong to that user, and a process that breaks out has only that user’s rights.',
  liveRestore: 'Containers keep running while dockerd restarts.',
  userlandProxy:
    'A docker-proxy process also serves each published port, beside the packet filter. No workload here publishes a port.',
  icc: 'Containers on the default bridge can reach each other. User-defined networks are not affected, and workloads here use one.',
  logging: 'Output lines go through this driver in dockerd, within these limits.',
  ulimits: 'Containers start with these limits of setrlimit(2).',
  noNewPrivileges: 'Setuid programs gain no privileges in any container (PR_SET_NO_NEW_PRIVS of prctl(2)).',
  seccomp: 'This profile filters system calls instead of Docker’s own.',
  storage: 'This driver assembles the layers of images and containers.',
  init: 'A small init (tini) is process 1 of every container, reaps orphans and forwards signals.',
  experimental: 'Unfinished features can be used.',
  features: 'Switches parts of the daemon, such as the image store of containerd.',
  shm: '/dev/shm of containers has this size.',
  ipc: 'Who may share the IPC namespace of a container.',
  cgroupns: 'Whether a container sees the cgroups of the host or only its own.',
  mtu: 'The largest packet on a network.',
  firewall: 'Whether and how dockerd writes packet filter rules for its networks.',
  debug: 'What dockerd writes into its own log.',
  selinux: 'Containers get SELinux labels.',
  apparmor: 'The AppArmor profile of containers that name none.',
  execOpts: 'How the daemon creates cgroups, for example through systemd.',
  runtimes: 'Registers OCI runtimes.',
  defaultRuntime: 'The runtime of containers that name none. The other settings are measured under it.',
  place: 'Where the daemon keeps its files and sockets.',
  pull: 'How images are fetched and built.',
  names: 'Addresses and names of containers.',
  access: 'Who may call the daemon, and how.',
  swarm: 'A setting of clusters of daemons (swarm).',
  daemon: 'How dockerd itself runs.',
  hardware: 'Devices and schedulers that containers may use.',
});

const why = notices('explain.notMeasured', {
  ports: 'no workload of ocibench publishes a port',
  ours: 'ocibench’s own engines use their own directories, sockets and cgroups, and touch none of this host’s',
  systemd:
    'ocibench’s own engines create their cgroups themselves (cgroupfs); to measure systemd, compare runs on whole hosts:  @(compare)',
  runtimes: 'to compare runtimes:  @(run --set daemonJson=FILE)',
  noContainer: 'it does not affect how a container starts from a local image, or runs',
  noCost: 'ocibench has no workload that it could affect',
  module: 'it needs a kernel security module, and ocibench’s own engines load no profiles into it',
  off: 'it is the default of dockerd',
  logElsewhere: 'the driver {driver} sends lines elsewhere; ocibench measures json-file, local and none',
  storageElsewhere:
    'the driver {driver} can change devices or pools of this host; ocibench measures overlay2, overlayfs, fuse-overlayfs and vfs',
});

const of = (said: Message, notMeasured?: Message, having?: DaemonOption['having']): DaemonOption => ({
  what: said,
  ...(notMeasured === undefined ? {} : { notMeasured }),
  ...(having === undefined ? {} : { having }),
});
const inOnly = (acts: readonly Category[], option: DaemonOption): DaemonOption => ({ ...option, acts });
const each = (option: DaemonOption, ...keys: readonly (keyof DaemonConfig)[]) =>
  Object.fromEntries(keys.map((key) => [key, option]));

const firewall = inOnly(['startup', 'network'], of(what.firewall));

/** Every key of daemon.json; `test/features/options/explain/catalogue.test.ts` compares them with dockerd's. */
const daemonOptions: Readonly<Record<string, DaemonOption>> = {
  'userns-remap': of(what.usernsRemap),
  'live-restore': inOnly(['startup'], of(what.liveRestore)),
  // Without the proxy, the ports of each container's veth and of its bridge send packets back where they came from (hairpin).
  'userland-proxy': inOnly(['startup', 'network'], of(what.userlandProxy)),
  icc: of(what.icc, why.noCost),
  'log-driver': inOnly(['startup'], of(what.logging, undefined, ['log-opts'])),
  'log-opts': inOnly(['startup'], of(what.logging)),
  'default-ulimits': inOnly(['startup'], of(what.ulimits)),
  'no-new-privileges': inOnly(['startup', 'syscall'], of(what.noNewPrivileges)),
  'seccomp-profile': of(what.seccomp),
  'storage-driver': of(what.storage, undefined, ['storage-opts']),
  'storage-opts': of(what.storage),
  init: inOnly(['startup', 'memory'], of(what.init, undefined, ['init-path'])),
  'init-path': inOnly(['startup', 'memory'], of(what.init)),
  experimental: of(what.experimental),
  features: of(what.features),
  'default-shm-size': inOnly(['startup', 'memory'], of(what.shm)),
  'default-ipc-mode': inOnly(['startup', 'memory'], of(what.ipc)),
  'default-cgroupns-mode': inOnly(['startup'], of(what.cgroupns)),
  ...each(inOnly(['startup', 'network'], of(what.mtu)), 'mtu', 'default-network-opts'),
  ...each(firewall, 'iptables', 'ip6tables', 'ip-masq', 'ip-forward', 'ip-forward-no-drop'),
  ...each(firewall, 'firewall-backend', 'allow-direct-routing', 'bridge-accept-fwmark'),
  ...each(inOnly(['startup'], of(what.debug)), 'debug', 'log-level', 'log-format', 'raw-logs'),
  'selinux-enabled': of(what.selinux, why.module),
  'apparmor-profile': of(what.apparmor, why.module),
  'exec-opts': of(what.execOpts, why.systemd),
  runtimes: of(what.runtimes, why.runtimes),
  'default-runtime': of(what.defaultRuntime, why.runtimes),
  'userland-proxy-path': of(what.userlandProxy, why.ports),
  ...each(
    of(what.place, why.ours),
    'data-root',
    'graph',
    'exec-root',
    'pidfile',
    'cgroup-parent',
    'containerd',
  ),
  ...each(of(what.place, why.ours), 'containerd-namespace', 'containerd-plugins-namespace', 'bridge'),
  ...each(of(what.access, why.ours), 'hosts', 'group', 'tls', 'tlsverify', 'tlscacert', 'tlscert', 'tlskey'),
  ...each(of(what.access, why.noContainer), 'authorization-plugins', 'api-cors-header', 'min-api-version'),
  ...each(of(what.access, why.noContainer), 'deprecated-key-path', 'rootless'),
  ...each(of(what.pull, why.noContainer), 'registry-mirrors', 'insecure-registries', 'proxies', 'builder'),
  ...each(of(what.pull, why.noContainer), 'allow-nondistributable-artifacts', 'max-download-attempts'),
  ...each(of(what.pull, why.noContainer), 'max-concurrent-downloads', 'max-concurrent-uploads'),
  ...each(
    of(what.names, why.noCost),
    'bip',
    'bip6',
    'fixed-cidr',
    'fixed-cidr-v6',
    'default-gateway',
    'ipv6',
  ),
  ...each(of(what.names, why.noCost), 'default-gateway-v6', 'default-address-pools', 'dns', 'dns-opts'),
  ...each(of(what.names, why.noCost), 'dns-search', 'host-gateway-ip', 'host-gateway-ips', 'ip'),
  ...each(of(what.swarm, why.noContainer), 'cluster-advertise', 'cluster-store', 'cluster-store-opts'),
  ...each(of(what.swarm, why.noContainer), 'swarm-default-advertise-addr', 'swarm-raft-election-tick'),
  ...each(of(what.swarm, why.noContainer), 'swarm-raft-heartbeat-tick', 'network-control-plane-mtu'),
  ...each(of(what.daemon, why.noContainer), 'labels', 'metrics-addr', 'shutdown-timeout', 'oom-score-adjust'),
  ...each(of(what.daemon, why.noContainer), 'validate', 'network-diagnostic-port', 'cri-containerd'),
  ...each(of(what.hardware, why.noCost), 'node-generic-resources', 'cdi-spec-dirs', 'nri-opts'),
  ...each(of(what.hardware, why.noCost), 'cpu-rt-period', 'cpu-rt-runtime'),
};

/** dockerd's defaults (docker/cli, docs/reference/dockerd.md): a line with the default changes nothing. */
const defaults: DaemonConfig = {
  'live-restore': false,
  'userland-proxy': true,
  icc: true,
  'no-new-privileges': false,
  init: false,
  experimental: false,
  debug: false,
  iptables: true,
  'ip-masq': true,
  'ip-forward': true,
  'log-level': 'info',
  'default-runtime': 'runc',
  'userns-remap': '',
  'selinux-enabled': false,
  tls: false,
  tlsverify: false,
};

/** Log drivers that write only below the daemon's own directory. */
const ownLogs: readonly unknown[] = ['json-file', 'local', 'none'];
/** Storage drivers that use only the daemon's own directory. */
const ownStorages: readonly unknown[] = ['overlay2', 'overlayfs', 'fuse-overlayfs', 'vfs'];

/**
 * Why the cost of a setting is not measured; null if it is. `values`: of the key and its dependent keys. Throws RangeError if
 * dockerd has no such key.
 */
export function whyNotMeasured(key: keyof DaemonConfig, values: Readonly<DaemonConfig>): Message | null {
  const driver = String(values[key]);
  if (key === 'log-driver' && !ownLogs.includes(driver)) return why.logElsewhere({ driver });
  if (key === 'storage-driver' && !ownStorages.includes(driver)) return why.storageElsewhere({ driver });
  if (Object.keys(values).length === 1 && values[key] === defaults[key]) return why.off;
  return optionOf(key).notMeasured ?? null;
}

/** Throws RangeError if dockerd has no such key. */
export function optionOf(key: keyof DaemonConfig): DaemonOption {
  const option = daemonOptions[key];
  if (option === undefined) throw new RangeError(`daemon.json has no ${key}`);
  return option;
}
