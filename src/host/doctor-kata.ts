import type { Check, EngineFacts, HostFacts } from '../model/host.ts';
import type { RuntimeFacts } from '../model/runtime.ts';
import { isKata1, kataFor, kataReleases, tooOldFor, unfitForKata } from '../runtimes/kata.ts';
import { kvmFix, kvmPermissionFix, syslogFix, vsockFix } from '../runtimes/kata-failures.ts';
import type { KataDevices } from './kata-devices.ts';

/** One entry of Kata as far as doctor looks at it. */
export type KataEntry = Pick<RuntimeFacts, 'entry' | 'family' | 'version' | 'preflight'>;

/** `kata (3.25.0), kata-runtime (1.12.1)` */
function named(entries: readonly KataEntry[]): string {
  return entries
    .map(({ entry, version }) => (version === null ? entry.name : `${entry.name} (${version})`))
    .join(', ');
}

function withDocker(own: readonly KataEntry[], engine: EngineFacts, host: HostFacts): Check {
  const about = { id: 'kata-docker', title: 'Kata with this Docker' };
  const needed = kataFor(engine.version);
  if (unfitForKata(engine.version))
    return { ...about, status: 'fail', detail: needed, fix: 'upgrade Docker' };
  const old = own.filter(({ version }) => tooOldFor(engine.version, version));
  if (old.length > 0)
    return {
      ...about,
      status: 'fail',
      detail: `${needed}; older than that: ${named(old)}`,
      fix: `install a newer Kata: ${kataReleases}`,
    };
  const first = own.filter(({ version }) => isKata1(version));
  if (first.length > 0)
    return {
      ...about,
      status: host.cgroup === 'v2' ? 'fail' : 'warn',
      detail: `Kata 1.x is no longer maintained and needs cgroup v1: ${named(first)}. What it costs says little of Kata today. Matters much`,
      fix: `install a newer Kata: ${kataReleases}`,
    };
  return { ...about, status: 'ok', detail: `${needed}; here: ${named(own)}` };
}

/** Kata's of several releases are different runtimes, whatever their entries are called. */
function sideBySide(own: readonly KataEntry[]): readonly Check[] {
  const versions = new Set(own.flatMap(({ version }) => version ?? []));
  if (versions.size < 2) return [];
  return [
    {
      id: 'kata-versions',
      title: 'several releases of Kata',
      status: 'warn',
      detail: `${named(own)}: each has a configuration of its own, and one that finds the other’s files does not start. Matters some`,
      fix: 'give each its own configuration file by options.ConfigPath, or remove the entry that is not meant',
    },
  ];
}

/** A thing that Kata needs: what is wrong with it and its fix; null where nothing is. */
type Lack = { readonly detail: string; readonly fix: string } | null;

function kvm(state: KataDevices['kvm'], host: HostFacts): Lack {
  if (state === 'missing') return { detail: 'there is no /dev/kvm', fix: kvmFix(host) };
  if (state === 'denied') return { detail: '/dev/kvm may not be opened', fix: kvmPermissionFix };
  if (state === 'unusable')
    return { detail: '/dev/kvm is there, and QEMU cannot make a guest under it', fix: kvmFix(host) };
  return null;
}

function syslog(state: KataDevices['syslog']): Lack {
  if (state === 'socket') return null;
  return {
    detail:
      state === 'missing'
        ? 'there is no /dev/log, and Kata (Go runtime) does not start without a syslog socket'
        : '/dev/log is a link to a socket that is not there, and Kata (Go runtime) does not start without one',
    fix: syslogFix,
  };
}

function vsock(present: boolean): Lack {
  if (present) return null;
  return {
    detail:
      'there is no /dev/vhost-vsock, over which Kata with QEMU reaches the agent in its guest (Cloud Hypervisor and Firecracker do without)',
    fix: vsockFix,
  };
}

/** Did a container of Kata's run? Else, is Kata there at all? */
type Standing = 'runs' | 'fails' | 'not-installed';

function standingOf(own: readonly KataEntry[]): Standing {
  if (own.some(({ preflight }) => preflight.status === 'available')) return 'runs';
  const missing = ['kata-shim-missing', 'kata-runtime-missing'];
  const there = own.some(
    ({ preflight }) => preflight.status === 'unavailable' && !missing.includes(preflight.code),
  );
  return there ? 'fails' : 'not-installed';
}

/**
 * What is wrong is a doubt only where Kata is there and no container of its ran: another hypervisor, or another release, may
 * not need it, and before Kata is installed it says nothing of what is measured.
 */
function deviceCheck(id: string, title: string, lack: Lack, standing: Standing, fine: string): Check {
  if (lack === null) return { id, title, status: 'ok', detail: fine };
  const { detail, fix } = lack;
  if (standing === 'runs')
    return { id, title, status: 'ok', detail: `${detail}; Kata runs here all the same` };
  if (standing === 'not-installed')
    return { id, title, status: 'unknown', detail: `${detail}. Needed once Kata is installed`, fix };
  return { id, title, status: 'warn', detail: `${detail}. Matters much for Kata`, fix };
}

/** Doubts about Kata on this host, beforehand; none where no entry is Kata's. `devices`: null where they cannot be looked at. */
export function kataChecks(
  runtimes: readonly KataEntry[],
  engine: EngineFacts,
  host: HostFacts,
  devices: KataDevices | null,
): readonly Check[] {
  const own = runtimes.filter(({ family }) => family === 'kata');
  if (own.length === 0) return [];
  const checks = [withDocker(own, engine, host), ...sideBySide(own)];
  if (devices === null) return checks;
  const standing = standingOf(own);
  const usable =
    devices.kvm === 'untested'
      ? '/dev/kvm can be opened; no QEMU was found to try it with'
      : 'QEMU makes a guest under it';
  return [
    ...checks,
    deviceCheck('kata-kvm', 'KVM for Kata', kvm(devices.kvm, host), standing, usable),
    deviceCheck('kata-vsock', 'vsock for Kata', vsock(devices.vsock), standing, '/dev/vhost-vsock is there'),
    deviceCheck('kata-syslog', 'syslog for Kata', syslog(devices.syslog), standing, '/dev/log is there'),
  ];
}
