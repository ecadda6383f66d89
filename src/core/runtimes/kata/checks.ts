import { listed } from '../../messages/compose.ts';
import { messages, reasons } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { recalled } from '../../messages/record.ts';
import {
  type CheckDefinition,
  type CheckOutcome,
  fail,
  ok,
  unknown,
  warn,
} from '../../model/machine/check.ts';
import type { Preflight } from '../../model/runtime/runtime.ts';
import type { FamilyFacts } from '../family.ts';
import type { HostDevices } from '../guest/facts.ts';
import { kvmFix, kvmPermissionFix, syslogFix, vsockFix } from './fixes.ts';
import { isKata1, kataFor, kataReleases, tooOldFor, unfitForKata } from './releases.ts';

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

type Runtimes = FamilyFacts['runtimes'];

const docker = messages('doctor.kataDocker', {
  title: 'Kata with this Docker',
  fits: '{needed}; here: {runtimes}',
});
const dockerDoubts = reasons('doctor.kataDocker', {
  unfit: { message: '{needed}', fix: 'upgrade Docker' },
  old: { message: '{needed}; older than that: {runtimes}', fix: 'install a newer Kata: {releases}' },
  byPath: { message: 'no container can start with these entries: {runtimes}' },
  kata1: {
    message:
      'Kata 1.x is no longer maintained and needs cgroup v1: {runtimes}. Its costs say little about Kata today. Impact: high',
    fix: 'install a newer Kata: {releases}',
  },
});
const emulated = messages('doctor.kataEmulation', { title: 'guests of Kata' });
const emulatedDoubts = reasons('doctor.kataEmulation', {
  guest: {
    message:
      '{runtime}: the processor of its guest is emulated ({by}). Its times and rates are those of the emulator, and its memory includes translated code. Impact: high',
    fix: 'let QEMU use KVM: remove accel=tcg from machine_accelerators and machine_type in {runtime}’s configuration, and provide a /dev/kvm that can run a guest',
  },
});
const versions = messages('doctor.kataVersions', { title: 'several releases of Kata' });
const versionsDoubts = reasons('doctor.kataVersions', {
  several: {
    message:
      '{runtimes}: each has its own configuration, and one that finds the other’s files does not start. Impact: medium',
    fix: 'give each its own configuration file with options.ConfigPath, or remove the entry that you do not need',
  },
});
const devices = messages('doctor.kataDevice', {
  runs: '{lack}; Kata runs here anyway',
  passed: '{lack}; Kata got past this',
  needed: '{lack}. Needed once Kata is installed',
  matters: '{lack}. Impact: high for Kata',
});
const kvm = messages('doctor.kataKvm', {
  title: 'KVM for Kata',
  usable: 'a guest kernel ran under it',
  created:
    'a guest can be created under it; none was booted, because no guest kernel was found or it could not be tried',
  untested: '/dev/kvm can be opened; no QEMU was found to try it with',
  missing: 'there is no /dev/kvm',
  denied: 'access to /dev/kvm is denied',
  unusable: '/dev/kvm exists, but cannot run a guest',
  silent: '/dev/kvm exists, but a guest under it gave no sign of life within 2 s',
});
const vsock = messages('doctor.kataVsock', {
  title: 'vsock for Kata',
  present: '/dev/vhost-vsock exists',
  missing:
    'there is no /dev/vhost-vsock, over which Kata with QEMU reaches the agent in its guest (Cloud Hypervisor and Firecracker do not need it)',
});
const syslog = messages('doctor.kataSyslog', {
  title: 'syslog for Kata',
  present: 'a process listens on /dev/log',
  missing: 'there is no /dev/log, and Kata (Go runtime) does not start without a syslog socket',
  dead: 'no process listens on the socket /dev/log, and Kata (Go runtime) does not start without a listener',
  dangling:
    '/dev/log links to a socket that does not exist, and Kata (Go runtime) does not start without one',
});

/** `kata (3.25.0), kata-runtime (1.12.1)` */
function named(runtimes: Runtimes) {
  return listed(
    runtimes.map(({ entry, version }) => (version === null ? entry.name : `${entry.name} (${version})`)),
  );
}

/** Codes of failures that the entry in daemon.json alone causes. */
const registrationCodes = ['kata-not-oci', 'shim-by-path'];

/** Did it fail with one of these codes? */
function isOf(preflight: Preflight, codes: readonly string[]): boolean {
  return preflight.status === 'unavailable' && codes.includes(preflight.code);
}

function withDocker({ runtimes, engine, host }: FamilyFacts): CheckOutcome | null {
  if (runtimes.length === 0 || engine.product !== undefined) return null;
  const never = runtimes.filter(({ preflight }) => isOf(preflight, registrationCodes));
  const [fix] = never.flatMap(({ preflight }) =>
    preflight.status === 'unavailable' ? recalled(preflight, 'fix') : [],
  );
  if (fix !== undefined) return fail(dockerDoubts.byPath({ runtimes: named(never), fix }));
  const needed = kataFor(engine.version);
  if (unfitForKata(engine.version)) return fail(dockerDoubts.unfit({ needed }));
  const old = runtimes.filter(({ version }) => tooOldFor(engine.version, version));
  if (old.length > 0) return fail(dockerDoubts.old({ needed, runtimes: named(old), releases: kataReleases }));
  const ones = runtimes.filter(({ version }) => isKata1(version));
  if (ones.length === 0) return ok(docker.fits({ needed, runtimes: named(runtimes) }));
  const doubt = dockerDoubts.kata1({ runtimes: named(ones), releases: kataReleases });
  return host.cgroup === 'v2' ? fail(doubt) : warn(doubt);
}

/** Warns of several Kata releases: they are different runtimes, whatever their entries are called. */
function sideBySide({ runtimes }: FamilyFacts): CheckOutcome | null {
  const releases = new Set(runtimes.flatMap(({ version }) => version ?? []));
  return releases.size < 2 ? null : warn(versionsDoubts.several({ runtimes: named(runtimes) }));
}

/** Warns of a guest that was seen to be emulated. */
function emulation({ runtimes }: FamilyFacts): CheckOutcome | null {
  const found = runtimes.flatMap(({ entry, vm }) =>
    vm?.emulation ? [{ runtime: entry.name, by: vm.emulation }] : [],
  );
  const [first] = found;
  return first === undefined ? null : warn(emulatedDoubts.guest(first));
}

/** A problem of something that Kata needs, and its fix; null without a problem. */
type Lack = { readonly lack: Message; readonly fix: Message } | null;

function lackOfKvm({ devices: { kvm: state }, host }: FactsWithDevices): Lack {
  if (state === 'missing') return { lack: kvm.missing, fix: kvmFix(host) };
  if (state === 'denied') return { lack: kvm.denied, fix: kvmPermissionFix };
  if (state === 'unusable' || state === 'silent') return { lack: kvm[state], fix: kvmFix(host) };
  return null;
}

const lackOfSyslog = ({ devices: { syslog: state } }: FactsWithDevices): Lack =>
  state === 'socket' ? null : { lack: syslog[state], fix: syslogFix };

const lackOfVsock = ({ devices: { vsock: present } }: FactsWithDevices): Lack =>
  present ? null : { lack: vsock.missing, fix: vsockFix };

/** Did a Kata container run, or get as far as its guest? If not, is Kata installed? */
type Presence = 'runs' | 'starts-guests' | 'fails' | 'not-installed';

/** Failures before Kata is asked anything. */
const notInstalled = ['kata-shim-missing', 'kata-shim-type', 'kata-runtime-missing', ...registrationCodes];
/** Failures after Kata has looked at what its configuration names, the way to the agent included. */
const afterConfiguration = ['kata-agent-silent', 'kata-guest-unreachable', 'kata-vmm-ended'];

function presenceOf(runtimes: Runtimes): Presence {
  if (runtimes.some(({ preflight }) => preflight.status === 'available')) return 'runs';
  if (runtimes.some(({ preflight }) => isOf(preflight, afterConfiguration))) return 'starts-guests';
  return runtimes.every(({ preflight }) => isOf(preflight, notInstalled)) ? 'not-installed' : 'fails';
}

type FactsWithDevices = FamilyFacts & { readonly devices: HostDevices };

/**
 * A check of one device. It warns only where Kata is installed and none of its containers ran: another hypervisor or
 * release may not need the device, and without Kata it does not affect measurements. `isBeforeGuests`: Kata looks at it before
 * it starts a guest, so that a failure of the guest shows that it was there.
 */
function deviceCheck(
  id: string,
  title: Message,
  lackOf: (facts: FactsWithDevices) => Lack,
  fine: (devices: HostDevices) => Message,
  isBeforeGuests = true,
): CheckDefinition<FamilyFacts> {
  const check = ({ runtimes, devices: found, ...facts }: FamilyFacts): CheckOutcome | null => {
    if (runtimes.length === 0 || found === null) return null;
    const lacking = lackOf({ ...facts, runtimes, devices: found });
    if (lacking === null) return ok(fine(found));
    const { lack, fix } = lacking;
    const standing = presenceOf(runtimes);
    if (standing === 'runs') return ok(devices.runs({ lack }));
    if (standing === 'starts-guests' && isBeforeGuests) return ok(devices.passed({ lack }));
    if (standing === 'not-installed') return unknown(devices.needed({ lack }), fix);
    return warn({ message: devices.matters({ lack }), fix });
  };
  return { id, title, impact: 'high', check };
}

/** Checks of this host for Kata. */
export const kataChecks: readonly CheckDefinition<FamilyFacts>[] = [
  { id: 'kata-docker', title: docker.title, impact: 'high', check: withDocker },
  { id: 'kata-versions', title: versions.title, impact: 'medium', check: sideBySide },
  { id: 'kata-emulation', title: emulated.title, impact: 'high', check: emulation },
  deviceCheck(
    'kata-kvm',
    kvm.title,
    lackOfKvm,
    ({ kvm: state }) => (state === 'untested' || state === 'created' ? kvm[state] : kvm.usable),
    false,
  ),
  deviceCheck('kata-vsock', vsock.title, lackOfVsock, () => vsock.present),
  deviceCheck('kata-syslog', syslog.title, lackOfSyslog, () => syslog.present),
];
