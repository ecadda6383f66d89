import { type Reason, reasons } from '../messages/define.ts';
import { lookup } from '../model/lookup.ts';
import { nearest } from '../model/nearest.ts';
import type { Complaint } from './complaint.ts';
import { daemonKeys } from './daemon-keys.ts';

const later = 'remove or move the key when Docker is upgraded';
const text = reasons('daemonKey', {
  unknown: { message: 'unknown key; dockerd does not start with it', fix: 'remove it' },
  misspelt: { message: 'unknown key; dockerd does not start with it', fix: "did you mean ''{guess}''?" },
  flagName: {
    message: 'is the name of a flag; dockerd ignores it in the file',
    fix: "the key is ''{instead}''",
  },
  refusedRecently: { message: 'recent Docker releases refuse it', fix: later },
  refusedSince23: { message: 'Docker 23 and later refuse it', fix: later },
  refusedSince25: { message: 'Docker 25 and later refuse it', fix: later },
  graph: { message: "Docker 23 and later refuse it; the key is now 'data-root'", fix: later },
  proxy: { message: "dockerd reads it only inside 'proxies'", fix: later },
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
  'insecure-registry': 'insecure-registries',
  label: 'labels',
  'log-opt': 'log-opts',
  'node-generic-resource': 'node-generic-resources',
  'registry-mirror': 'registry-mirrors',
  'storage-opt': 'storage-opts',
};

/** Keys that a later dockerd refuses or ignores. */
const outdatedKeys: Readonly<Record<string, Reason>> = {
  'api-cors-header': text.refusedRecently,
  'cluster-advertise': text.refusedSince23,
  'cluster-store': text.refusedSince23,
  'cluster-store-opts': text.refusedSince23,
  graph: text.graph,
  'http-proxy': text.proxy,
  'https-proxy': text.proxy,
  'no-proxy': text.proxy,
  'oom-score-adjust': text.refusedSince25,
};

/**
 * Keys whose texts may contain credentials (proxies and registries with a password, tokens of log drivers): never
 * quoted.
 */
export const secretKeys: ReadonlySet<string> = new Set([
  ...[
    'proxies',
    'http-proxy',
    'https-proxy',
    'no-proxy',
    'registry-mirrors',
    'insecure-registries',
    'labels',
  ],
  ...['log-opts', 'storage-opts', 'cluster-store', 'cluster-store-opts', 'hosts', 'runtimes', 'nri-opts'],
  ...['node-generic-resources', 'authorization-plugins'],
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
    const outdated = lookup(outdatedKeys, key);
    if (outdated !== undefined) notes.push({ key, reason: outdated });
    if (Object.hasOwn(daemonKeys, key)) return !(inner === '' && emptyMeansUnset.includes(key));
    const instead = lookup(flagOnlyNames, key);
    if (instead !== undefined) {
      notes.push({ key, reason: text.flagName({ instead }) });
      return false;
    }
    const guess = nearest(key, Object.keys(daemonKeys));
    problems.push({ key, reason: guess === null ? text.unknown : text.misspelt({ guess }) });
    return false;
  });
  return { known: Object.fromEntries(known), problems, notes };
}
