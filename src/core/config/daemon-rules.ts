import { listed } from '../messages/compose.ts';
import { reasons } from '../messages/define.ts';
import type { Complaint } from './complaint.ts';
import { shimType } from './daemon-entry.ts';
import type { DaemonConfig } from './daemon-keys.ts';

const text = reasons('daemonJson', {
  labelTwice: {
    message: "gives ''{name}'' another value than an earlier label",
    fix: 'keep one of the two',
  },
  unregisteredDefault: {
    message: "''{name}'' is not registered under runtimes; dockerd does not start",
    fix: 'add runtimes.{name}, or use one of: {registered}',
  },
  needsTls: {
    message: 'needs tlscert and tlskey',
    fix: 'add "tlscert" and "tlskey" (and "tlscacert" to verify clients), or remove the key',
  },
  bipWithBridge: {
    message: 'cannot be used together with bridge: an existing bridge has its own address',
    fix: 'remove bip or bridge',
  },
  iccWithoutIptables: {
    message: 'false needs iptables, which is false too',
    fix: 'set iptables or icc to true',
  },
  unknownCgroupDriver: {
    message: "native.cgroupdriver ''{driver}'' does not exist",
    fix: 'use native.cgroupdriver=systemd or native.cgroupdriver=cgroupfs',
  },
  parentNoSlice: {
    message: "''{parent}'' is not a slice, which the systemd cgroup driver needs",
    fix: 'write a name that ends in .slice',
  },
});

function execOption(config: DaemonConfig, name: string): string | null {
  const found = (config['exec-opts'] ?? []).findLast((option) => option.startsWith(`${name}=`));
  return found === undefined ? null : found.slice(name.length + 1);
}

function labelConflicts(labels: readonly string[]): readonly Complaint[] {
  const first = new Map<string, string>();
  return labels.flatMap((label, i) => {
    const name = label.slice(0, label.indexOf('='));
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, label);
    return earlier === undefined || earlier === label
      ? []
      : [
          {
            key: `labels.${i}`,
            reason: text.labelTwice({ name }),
          },
        ];
  });
}

/** Combinations that dockerd refuses, each observed with dockerd 26.1. `registered` are the names under `runtimes`. */
export function combinationProblems(
  config: DaemonConfig,
  registered: readonly string[],
): readonly Complaint[] {
  const found: Complaint[] = [...labelConflicts(config.labels ?? [])];
  const name = config['default-runtime'] ?? '';
  const known = name === '' || name === 'runc' || registered.includes(name);
  if (!known && !(shimType.test(name) && !name.startsWith('/')))
    found.push({
      key: 'default-runtime',
      reason: text.unregisteredDefault({ name, registered: listed(['runc', ...registered]) }),
    });
  const usesTls = config.tls === true || config.tlsverify !== undefined;
  if (usesTls && !(config.tlscert && config.tlskey))
    found.push({
      key: config.tls === true ? 'tls' : 'tlsverify',
      reason: text.needsTls,
    });
  if (config.bridge && config.bip)
    found.push({
      key: 'bip',
      reason: text.bipWithBridge,
    });
  if (config.icc === false && config.iptables === false)
    found.push({
      key: 'icc',
      reason: text.iccWithoutIptables,
    });
  const driver = execOption(config, 'native.cgroupdriver');
  if (driver !== null && !['cgroupfs', 'systemd'].includes(driver))
    found.push({
      key: 'exec-opts',
      reason: text.unknownCgroupDriver({ driver }),
    });
  if (driver === 'systemd' && config['cgroup-parent'] && !config['cgroup-parent'].endsWith('.slice'))
    found.push({
      key: 'cgroup-parent',
      reason: text.parentNoSlice({ parent: config['cgroup-parent'] }),
    });
  return found;
}
