import type { Problem } from '../model/error.ts';
import type { DaemonConfig, RuntimeDeclaration } from './daemon-keys.ts';

type Complaint = Omit<Problem, 'file'>;

/** A name that can be written in a CSV cell, a list `a,b` on the command line and a file name. */
const runtimeName = /^[A-Za-z0-9][A-Za-z0-9_.+-]*$/;

/** A shim as containerd names it: `io.containerd.<name>.<version>`, or the absolute path of its binary. */
const shimType = /^(\/.+|[^./][^/]*\.[^./][^/]*)$/;

/** What dockerd refuses when it starts (moby `daemon/runtime_unix.go`), and names that we cannot use. */
export function runtimeProblems(name: string, entry: RuntimeDeclaration): readonly Complaint[] {
  const key = `runtimes.${name}`;
  const found: Complaint[] = [];
  if (name === 'runc')
    found.push({
      key,
      message: "the name 'runc' is reserved for the runtime that dockerd brings; dockerd does not start",
      fix: 'give the entry another name, for example runc-local',
    });
  if (!runtimeName.test(name))
    found.push({
      key,
      message: `${name === '' ? 'the empty name' : `'${name}'`} cannot name a runtime`,
      fix: 'use letters, digits, dot, dash, plus and underscore, beginning with a letter or digit',
    });
  const hasPath = (entry.path ?? '') !== '';
  const hasType = (entry.runtimeType ?? '') !== '';
  if (hasPath && hasType)
    found.push({
      key,
      message: 'has both path and runtimeType; dockerd does not start',
      fix: 'keep path for an OCI runtime binary (runc, crun, runsc), runtimeType for a containerd shim (Kata)',
    });
  if (!hasPath && !hasType)
    found.push({
      key,
      message: 'has neither path nor runtimeType; dockerd does not start',
      fix: 'add "path": "/usr/bin/…" or "runtimeType": "io.containerd.….v2"',
    });
  if (hasType && !hasPath && (entry.runtimeArgs ?? []).length > 0)
    found.push({
      key: `${key}.runtimeArgs`,
      message: 'cannot be used together with runtimeType; dockerd does not start',
      fix: 'give the shim its settings in a file named by options.ConfigPath',
    });
  if (hasPath && Object.keys(entry.options ?? {}).length > 0)
    found.push({
      key: `${key}.options`,
      message: 'cannot be used together with path; dockerd does not start',
      fix: 'use runtimeArgs for flags of the binary, or runtimeType in the place of path',
    });
  return found;
}

/** Doubts about an entry that dockerd starts with all the same. */
export function runtimeNotes(name: string, entry: RuntimeDeclaration): readonly Complaint[] {
  const found: Complaint[] = [];
  const { path = '', runtimeType = '' } = entry;
  if (path.includes('/') && !path.startsWith('/'))
    found.push({
      key: `runtimes.${name}.path`,
      message: `'${path}' is relative: it depends on the directory in which dockerd was started`,
      fix: 'write the absolute path',
    });
  if (runtimeType !== '' && !shimType.test(runtimeType))
    found.push({
      key: `runtimes.${name}.runtimeType`,
      message: `containerd cannot resolve '${runtimeType}'`,
      fix: 'write io.containerd.<name>.v2 or the absolute path of the shim binary',
    });
  return found;
}

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
            message: `gives '${name}' another value than an earlier label`,
            fix: 'keep one of the two',
          },
        ];
  });
}

/** Combinations that dockerd refuses, each seen with dockerd 26.1. `registered` are the names under `runtimes`. */
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
      message: `'${name}' is not registered under runtimes; dockerd does not start`,
      fix: `add runtimes.${name}, or use one of: ${['runc', ...registered].join(', ')}`,
    });
  const usesTls = config.tls === true || config.tlsverify !== undefined;
  if (usesTls && !(config.tlscert && config.tlskey))
    found.push({
      key: config.tls === true ? 'tls' : 'tlsverify',
      message: 'needs tlscert and tlskey',
      fix: 'add "tlscert" and "tlskey" (and "tlscacert" to verify clients), or remove the key',
    });
  if (config.bridge && config.bip)
    found.push({
      key: 'bip',
      message: 'cannot be used together with bridge: an existing bridge has its own address',
      fix: 'remove bip or bridge',
    });
  if (config.icc === false && config.iptables === false)
    found.push({
      key: 'icc',
      message: 'false needs iptables, which is false too',
      fix: 'set iptables or icc to true',
    });
  const driver = execOption(config, 'native.cgroupdriver');
  if (driver !== null && !['cgroupfs', 'systemd'].includes(driver))
    found.push({
      key: 'exec-opts',
      message: `native.cgroupdriver '${driver}' does not exist`,
      fix: 'use native.cgroupdriver=systemd or native.cgroupdriver=cgroupfs',
    });
  if (driver === 'systemd' && config['cgroup-parent'] && !config['cgroup-parent'].endsWith('.slice'))
    found.push({
      key: 'cgroup-parent',
      message: `'${config['cgroup-parent']}' is not a slice, which the systemd cgroup driver needs`,
      fix: 'write a name that ends in .slice',
    });
  return found;
}
