import * as z from 'zod';
import { messages, reasons } from '../messages/define.ts';
import { lookup, nearest } from '../model/nearest.ts';
import { type Complaint, rule } from './rule.ts';

const words = messages('daemonKey', {
  address: 'must be an IP address',
  network: 'must be a network such as 172.17.0.1/16',
  keyValue: 'must have the form key=value',
  size: 'must be a size in quotes such as "64M"',
  socket: 'must start with unix://, tcp:// or fd://',
  logLevel: 'must be debug, info, warn, error or fatal',
  mirror: 'must start with https:// or http://',
});

const text = z.string();
const flag = z.boolean();
const whole = z.int();
const count = z.int().min(0);
const list = z.array(text);
const address = z.union([z.ipv4(), z.ipv6()], rule(words.address));
const network = z.union([z.cidrv4(), z.cidrv6()], rule(words.network));
const keyValue = z.string().regex(/^[^=\s]+=/, rule(words.keyValue));
const texts = z.record(text, text);
const bytes = z.string().regex(/^\d+(\.\d+)?\s*([kmgtp]i?)?b?$/i, rule(words.size));

/** A log driver's address, a socket: `unix:///path`, `tcp://host:port`, `fd://`, or `host:port`. */
const socket = z.string().regex(/^((unix|tcp|fd|npipe):\/\/\S*|[^\s:/]*:\d+\S*)$/, rule(words.socket));

/** Go matches the keys inside an object in any case; only relevant ones are typed, the daemon checks the rest. */
const builder = z.looseObject({
  gc: z
    .looseObject({
      enabled: flag.optional(),
      defaultKeepStorage: text.optional(),
      policy: z.array(z.looseObject({})).optional(),
    })
    .optional(),
  entitlements: z
    .looseObject({ 'network-host': flag.optional(), 'security-insecure': flag.optional() })
    .optional(),
});

const ulimit = z.looseObject({ Name: text.optional(), Hard: whole.optional(), Soft: whole.optional() });

/** A `runtimes` entry as far as types go; `daemon-entry.ts` checks which fields may be combined. */
const runtimeDeclarationSchema = z.object({
  path: text.optional(),
  runtimeArgs: list.optional(),
  runtimeType: text.optional(),
  options: z.record(text, z.unknown()).optional(),
});

/**
 * Every key of the configuration file that dockerd 20.10 to 29 accepts on Linux, with its type. Sources: moby
 * `daemon/config/config.go` and `config_linux.go`, docker/cli `docs/reference/dockerd.md`, and `dockerd --validate` of
 * 26.1. Any value may also be null, which means "not set" there.
 */
export const daemonKeys = {
  'allow-direct-routing': flag,
  'allow-nondistributable-artifacts': list,
  'api-cors-header': text,
  'apparmor-profile': text,
  'authorization-plugins': list,
  bip: network,
  bip6: network,
  bridge: text,
  'bridge-accept-fwmark': text,
  builder,
  'cdi-spec-dirs': list,
  'cgroup-parent': text,
  'cluster-advertise': text,
  'cluster-store': text,
  'cluster-store-opts': texts,
  containerd: text,
  'containerd-namespace': text,
  'containerd-plugins-namespace': text,
  'cpu-rt-period': whole,
  'cpu-rt-runtime': whole,
  'cri-containerd': flag,
  'data-root': text,
  debug: flag,
  'default-address-pools': z.array(z.looseObject({ base: network.optional(), size: whole.optional() })),
  'default-cgroupns-mode': z.enum(['host', 'private']),
  'default-gateway': address,
  'default-gateway-v6': address,
  'default-ipc-mode': z.enum(['shareable', 'private']),
  'default-network-opts': z.record(text, texts),
  'default-runtime': text,
  'default-shm-size': bytes,
  'default-ulimits': z.record(text, ulimit),
  'deprecated-key-path': text,
  dns: z.array(address),
  'dns-opts': list,
  'dns-search': list,
  'exec-opts': z.array(keyValue),
  'exec-root': text,
  experimental: flag,
  features: z.record(text, flag),
  'firewall-backend': z.enum(['iptables', 'nftables']),
  'fixed-cidr': network,
  'fixed-cidr-v6': network,
  graph: text,
  group: text,
  'host-gateway-ip': address,
  'host-gateway-ips': z.array(address),
  hosts: z.array(socket),
  icc: flag,
  init: flag,
  'init-path': text,
  'insecure-registries': list,
  ip: address,
  'ip-forward': flag,
  'ip-forward-no-drop': flag,
  'ip-masq': flag,
  ip6tables: flag,
  iptables: flag,
  ipv6: flag,
  labels: z.array(keyValue),
  'live-restore': flag,
  'log-driver': text,
  'log-format': z.enum(['text', 'json']),
  'log-level': z.string().regex(/^(panic|fatal|error|warn|warning|info|debug|trace)$/i, rule(words.logLevel)),
  'log-opts': texts,
  'max-concurrent-downloads': count,
  'max-concurrent-uploads': count,
  'max-download-attempts': count,
  'metrics-addr': text,
  'min-api-version': text,
  mtu: count,
  'network-control-plane-mtu': count,
  'network-diagnostic-port': count,
  'no-new-privileges': flag,
  'node-generic-resources': z.array(keyValue),
  'nri-opts': z.looseObject({}),
  'oom-score-adjust': whole,
  pidfile: text,
  proxies: z.strictObject({
    'http-proxy': text.optional(),
    'https-proxy': text.optional(),
    'no-proxy': text.optional(),
  }),
  'raw-logs': flag,
  'registry-mirrors': z.array(z.string().regex(/^https?:\/\//i, rule(words.mirror))),
  rootless: flag,
  runtimes: z.record(text, runtimeDeclarationSchema),
  'seccomp-profile': text,
  'selinux-enabled': flag,
  'shutdown-timeout': whole,
  'storage-driver': text,
  'storage-opts': z.array(keyValue),
  'swarm-default-advertise-addr': text,
  'swarm-raft-election-tick': count,
  'swarm-raft-heartbeat-tick': count,
  tls: flag,
  tlscacert: text,
  tlscert: text,
  tlskey: text,
  tlsverify: flag,
  'userland-proxy': flag,
  'userland-proxy-path': text,
  'userns-remap': text,
  validate: flag,
} as const satisfies Readonly<Record<string, z.ZodType>>;

/** daemon.json in dockerd's interpretation; every key is optional. */
export const daemonConfigSchema = z.strictObject(daemonKeys).partial();
export type DaemonConfig = Readonly<z.infer<typeof daemonConfigSchema>>;
export type RuntimeDeclaration = Readonly<z.infer<typeof runtimeDeclarationSchema>>;

const keyText = reasons('daemonKey', {
  unknown: { message: 'unknown key; dockerd does not start with it', fix: 'remove it' },
  misspelt: { message: 'unknown key; dockerd does not start with it', fix: "did you mean ''{guess}''?" },
  flagName: {
    message: 'is the name of a flag; dockerd ignores it in the file',
    fix: "the key is ''{instead}''",
  },
});

/** Keys with a format whose empty text means "not set" to dockerd, as in its documented example file. */
const emptyMeansUnset: readonly string[] = [
  'bip',
  'bip6',
  'default-cgroupns-mode',
  'default-gateway',
  'default-gateway-v6',
  'default-ipc-mode',
  'firewall-backend',
  'fixed-cidr',
  'fixed-cidr-v6',
  'host-gateway-ip',
  'ip',
  'log-format',
  'log-level',
];

/** Names of command-line flags that dockerd accepts in the file but never reads: flag → the key that works. */
const flagOnlyNames: Readonly<Record<string, string>> = {
  'add-runtime': 'runtimes',
  'allow-nondistributable-artifact': 'allow-nondistributable-artifacts',
  'authorization-plugin': 'authorization-plugins',
  'cdi-spec-dir': 'cdi-spec-dirs',
  'default-address-pool': 'default-address-pools',
  'default-network-opt': 'default-network-opts',
  'default-ulimit': 'default-ulimits',
  'dns-opt': 'dns-opts',
  'exec-opt': 'exec-opts',
  host: 'hosts',
  'http-proxy': 'proxies',
  'https-proxy': 'proxies',
  'insecure-registry': 'insecure-registries',
  label: 'labels',
  'log-opt': 'log-opts',
  'no-proxy': 'proxies',
  'node-generic-resource': 'node-generic-resources',
  'registry-mirror': 'registry-mirrors',
  'storage-opt': 'storage-opts',
};

/**
 * Keys whose texts may contain credentials (proxies and registries with a password, tokens of log drivers): never
 * quoted.
 */
export const secretKeys: ReadonlySet<string> = new Set([
  'proxies',
  'http-proxy',
  'https-proxy',
  'no-proxy',
  'registry-mirrors',
  'insecure-registries',
  'labels',
  'log-opts',
  'cluster-store',
  'cluster-store-opts',
  'hosts',
  'runtimes',
  'nri-opts',
  'node-generic-resources',
  'authorization-plugins',
]);

/** The top level of a daemon.json without keys that dockerd ignores, with errors and doubts of its keys. */
export function judgeKeys(value: Readonly<Record<string, unknown>>): {
  readonly known: Readonly<Record<string, unknown>>;
  readonly problems: readonly Complaint[];
  readonly notes: readonly Complaint[];
} {
  const problems: Complaint[] = [];
  const notes: Complaint[] = [];
  const known = Object.entries(value).filter(([key, inner]) => {
    if (Object.hasOwn(daemonKeys, key)) return !(inner === '' && emptyMeansUnset.includes(key));
    const instead = lookup(flagOnlyNames, key);
    if (instead !== undefined) {
      notes.push({ key, reason: keyText.flagName({ instead }) });
      return false;
    }
    const guess = nearest(key, Object.keys(daemonKeys));
    problems.push({ key, reason: guess === null ? keyText.unknown : keyText.misspelt({ guess }) });
    return false;
  });
  return { known: Object.fromEntries(known), problems, notes };
}
