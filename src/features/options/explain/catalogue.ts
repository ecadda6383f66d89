import { isDeepStrictEqual } from 'node:util';
import type { DaemonConfig } from '../../../core/config/daemon-keys.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Category } from '../../../core/model/workload/metric.ts';
import type { When } from './when.ts';

/** What is known of a setting of the daemon; what it does is in `value-texts.ts`. */
export interface DaemonOption {
  /** Which containers it reaches. */
  readonly when: When;
  /** Why an embedded engine cannot measure its cost; absent if one can. */
  readonly notMeasured?: Message;
  /** Dependent keys, which are set together with this one. */
  readonly having?: readonly (keyof DaemonConfig)[];
  /** Categories of workloads in which dockerd does anything else because of it; absent: it may act in all. */
  readonly acts?: readonly Category[];
}

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

type Rest = Omit<DaemonOption, 'when'>;
const each = (when: When, rest: Rest, ...keys: readonly (keyof DaemonConfig)[]) =>
  Object.fromEntries(keys.map((key) => [key, { when, ...rest }]));

const atStart: Rest = { acts: ['startup'] };
const inMemory: Rest = { acts: ['startup', 'memory'] };
const onNetwork: Rest = { acts: ['startup', 'network'] };
const ours: Rest = { notMeasured: why.ours };
const noContainer: Rest = { notMeasured: why.noContainer };
const noCost: Rest = { notMeasured: why.noCost };

/**
 * Every key of daemon.json; `test/features/options/explain/catalogue.test.ts` compares them with dockerd's. `when` was seen on
 * Docker 26.1, with containers made before a restart and after it.
 */
const daemonOptions: Readonly<Record<string, DaemonOption>> = {
  ...each('started', {}, 'seccomp-profile'),
  ...each('started', atStart, 'default-ulimits'),
  // Without the proxy, the ports of each container's veth and of its bridge send packets back where they came from (hairpin).
  ...each('started', onNetwork, 'userland-proxy'),
  ...each('started', { ...inMemory, having: ['init-path'] }, 'init'),
  ...each('started', inMemory, 'init-path'),
  ...each('started', { notMeasured: why.ports }, 'userland-proxy-path'),
  ...each('started', { notMeasured: why.systemd }, 'exec-opts'),
  ...each('started', { notMeasured: why.runtimes }, 'runtimes'),
  ...each('started', { notMeasured: why.module }, 'apparmor-profile'),
  ...each('started', ours, 'cgroup-parent'),
  ...each('started', noCost, 'dns', 'dns-opts', 'dns-search', 'host-gateway-ip', 'host-gateway-ips'),
  ...each('started', noCost, 'cdi-spec-dirs', 'nri-opts', 'cpu-rt-period', 'cpu-rt-runtime'),
  ...each('created', { acts: ['startup', 'syscall'] }, 'no-new-privileges'),
  ...each('created', { ...atStart, having: ['log-opts'] }, 'log-driver'),
  ...each('created', atStart, 'log-opts', 'default-cgroupns-mode'),
  ...each('created', inMemory, 'default-shm-size', 'default-ipc-mode'),
  ...each('created', { notMeasured: why.module }, 'selinux-enabled'),
  ...each('created', { notMeasured: why.runtimes }, 'default-runtime'),
  ...each('bridge', noCost, 'icc', 'bip', 'bip6', 'fixed-cidr', 'fixed-cidr-v6', 'default-gateway'),
  ...each('bridge', noCost, 'default-gateway-v6', 'ipv6', 'ip'),
  ...each('bridge', onNetwork, 'mtu', 'ip-masq'),
  ...each('bridge', ours, 'bridge'),
  ...each('networks', onNetwork, 'default-network-opts'),
  ...each('networks', noCost, 'default-address-pools'),
  ...each('start', onNetwork, 'iptables', 'ip6tables', 'ip-forward', 'ip-forward-no-drop'),
  ...each('start', onNetwork, 'firewall-backend', 'allow-direct-routing', 'bridge-accept-fwmark'),
  ...each('store', { having: ['storage-opts'] }, 'storage-driver'),
  ...each('store', {}, 'userns-remap'),
  ...each('store', ours, 'data-root', 'graph', 'containerd', 'containerd-namespace'),
  ...each('created', {}, 'storage-opts'),
  ...each('daemon', {}, 'experimental', 'features'),
  ...each('daemon', atStart, 'live-restore', 'debug', 'log-level', 'log-format', 'raw-logs'),
  ...each('daemon', ours, 'exec-root', 'pidfile', 'containerd-plugins-namespace', 'hosts', 'group'),
  ...each('daemon', ours, 'tls', 'tlsverify', 'tlscacert', 'tlscert', 'tlskey'),
  ...each('daemon', noContainer, 'allow-nondistributable-artifacts', 'swarm-default-advertise-addr'),
  ...each('daemon', noContainer, 'swarm-raft-heartbeat-tick', 'network-control-plane-mtu', 'api-cors-header'),
  ...each('daemon', noContainer, 'max-concurrent-downloads', 'swarm-raft-election-tick', 'cluster-advertise'),
  ...each('daemon', noContainer, 'network-diagnostic-port', 'max-concurrent-uploads', 'deprecated-key-path'),
  ...each('daemon', noContainer, 'authorization-plugins', 'max-download-attempts', 'insecure-registries'),
  ...each('daemon', noContainer, 'cluster-store-opts', 'registry-mirrors', 'shutdown-timeout', 'rootless'),
  ...each('daemon', noContainer, 'oom-score-adjust', 'min-api-version', 'cri-containerd', 'cluster-store'),
  ...each('daemon', noContainer, 'metrics-addr', 'validate', 'builder', 'proxies', 'labels'),
  ...each('daemon', noCost, 'node-generic-resources'),
};

/** dockerd's defaults (docker/cli, docs/reference/dockerd.md): a line with the default changes nothing. */
export const defaults: DaemonConfig = {
  bridge: 'docker0',
  'containerd-namespace': 'moby',
  'containerd-plugins-namespace': 'plugins.moby',
  'data-root': '/var/lib/docker',
  debug: false,
  'default-ipc-mode': 'private',
  'default-runtime': 'runc',
  'default-shm-size': '64M',
  'exec-root': '/var/run/docker',
  experimental: false,
  group: 'docker',
  hosts: ['unix:///var/run/docker.sock'],
  icc: true,
  init: false,
  'init-path': 'docker-init',
  ip: '0.0.0.0',
  'ip-forward': true,
  'ip-masq': true,
  iptables: true,
  ipv6: false,
  'live-restore': false,
  'log-driver': 'json-file',
  'log-format': 'text',
  'log-level': 'info',
  'max-concurrent-downloads': 3,
  'max-concurrent-uploads': 5,
  'max-download-attempts': 5,
  mtu: 1500,
  'no-new-privileges': false,
  pidfile: '/var/run/docker.pid',
  'raw-logs': false,
  'seccomp-profile': 'builtin',
  'selinux-enabled': false,
  'shutdown-timeout': 15,
  tls: false,
  'userland-proxy': true,
  'userns-remap': '',
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
  if (Object.keys(values).length === 1 && isDefault(key, values[key])) return why.off;
  return optionOf(key).notMeasured ?? null;
}

/** Throws RangeError if dockerd has no such key. */
export function optionOf(key: keyof DaemonConfig): DaemonOption {
  const option = daemonOptions[key];
  if (option === undefined) throw new RangeError(`daemon.json has no ${key}`);
  return option;
}

/** Is it what dockerd does without the key? */
export function isDefault(key: keyof DaemonConfig, value: unknown): boolean {
  return key in defaults && isDeepStrictEqual(value, defaults[key]);
}
