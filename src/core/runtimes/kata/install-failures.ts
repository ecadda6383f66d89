import { joined, listed } from '../../messages/compose.ts';
import { messages, reasons } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { executedName } from '../entry.ts';
import {
  type EntryPlace,
  type FailureRule,
  type KnownFailure,
  type RuleContext,
  registerShim,
  restartHint,
} from '../failure-rule.ts';
import { configOf, install, kvmFix, kvmPermissionFix, shimEntry, syslogFix, vsockFix } from './fixes.ts';
import { isSinceKata2, kataReleases, kataShimType } from './releases.ts';

const kata = ['kata'] as const;
/** A wrapper around Kata may have any name. */
const kataOrOther = ['kata', 'other'] as const;

const lacks = messages('kata.lack', {
  kvm: '/dev/kvm',
  kvmAccess: 'access to /dev/kvm',
  kvmGuests: 'a KVM that can run a guest',
  vsock: '/dev/vhost-vsock',
  syslog: 'a syslog socket (/dev/log)',
});

const text = reasons('preflight', {
  kataShimMissing: {
    message: 'Kata Containers is not installed: the shim {shim} is missing',
    fix: '{install}; {file}: {entry}; {restart}',
  },
  kataShimMissingAndMore: {
    message:
      'Kata Containers is not installed: the shim {shim} is missing; with QEMU it also needs {lacks}, which this host lacks',
    fix: '{install}; {file}: {entry}; {restart}; {fix}',
  },
  kataShimType: {
    message: '{type} is not a shim of Kata, which is called {known} in every release',
    fix: '{fix}',
  },
  kataVirtiofsdMissing: {
    message: 'Kata shares the root file system through virtiofsd, and {path} cannot be started',
    fix: 'install virtiofsd (apt-get install virtiofsd), or correct virtio_fs_daemon = "{path}" in {config}',
  },
  kataProgramMissing: {
    message: "Kata's shim could not start {path}, which does not exist",
    fix: 'install what provides {path}, or correct its path in {config}; the static build of {releases} contains everything',
  },
  kataRuntimeMissing: {
    message: 'Kata Containers is not installed: {path} is missing',
    fix: 'a "path" entry works with Kata 1.x only, which is no longer maintained; {install}, and replace the entry in {file} by {entry}; {restart}',
  },
  kataNotOci: {
    message: 'since Kata 2, {path} is a tool and not a runtime that Docker can call',
    fix: '{fix}',
  },
  kataSyslogMissing: {
    message: 'Kata (Go runtime) needs a syslog socket, and /dev/log is missing or cannot be reached',
    fix: '{fix}',
  },
  kataVsockMissing: {
    message: 'Kata reaches the agent in its guest over vsock, and there is no /dev/vhost-vsock',
    fix: '{fix}',
  },
});

/** What a host without Kata lacks besides, and how to get it; empty where the devices were not looked at. */
function lacksOf({
  devices,
  host,
}: RuleContext): readonly { readonly lack: Message; readonly fix: Message }[] {
  if (devices === undefined) return [];
  const { kvm, vsock, syslog } = devices;
  return [
    ...(kvm === 'missing' ? [{ lack: lacks.kvm, fix: kvmFix(host) }] : []),
    ...(kvm === 'denied' ? [{ lack: lacks.kvmAccess, fix: kvmPermissionFix }] : []),
    ...(kvm === 'unusable' || kvm === 'silent' ? [{ lack: lacks.kvmGuests, fix: kvmFix(host) }] : []),
    ...(vsock ? [] : [{ lack: lacks.vsock, fix: vsockFix }]),
    ...(syslog === 'socket' ? [] : [{ lack: lacks.syslog, fix: syslogFix }]),
  ];
}

const notOciCode = 'kata-not-oci';
const notOci = (place: EntryPlace) =>
  text.kataNotOci({ path: executedName(place.entry), fix: registerShim(kataShimType, place) });

/** A program of Kata 2 or later that is registered by path: `kata-runtime`, or a wrapper that prints its version. */
export function failureByPath(version: string, place: EntryPlace): KnownFailure | null {
  return isSinceKata2(version) ? { ...notOci(place), code: notOciCode } : null;
}

/**
 * Incomplete installations of Kata, by the errors that Docker passes on. Those of 1.12.1 and 3.25.0 (Go runtime) were
 * produced with broken installations, and are in the sources of 4.1.0 as well; those of the Rust runtime are from its
 * sources, 3.25.0 to 4.1.0 (libs/kata-types/src/config, runtime-rs crates/runtimes/src/manager.rs and
 * crates/hypervisor/src/device/driver/virtio_vsock.rs). Order matters: the first match counts.
 */
export const installFailures: readonly FailureRule[] = [
  {
    code: 'kata-shim-type',
    match: /runtime "(\S+)" binary not installed "containerd-shim-kata(?:-[^"]*)?-v(?!2")\d+"/,
    explain: ([type = ''], context) =>
      text.kataShimType({ type, known: kataShimType, fix: registerShim(kataShimType, context) }),
  },
  {
    code: 'kata-shim-missing',
    match:
      /binary not installed "(containerd-shim-kata[^"]*)"|invalid custom binary path: stat (\S*kata\S*): no such file/,
    explain([name = '', path = ''], context) {
      const values = {
        shim: path || name,
        install: install(context),
        file: context.file,
        entry: shimEntry(context),
        restart: restartHint(context),
      };
      const more = lacksOf(context);
      if (more.length === 0) return text.kataShimMissing(values);
      return text.kataShimMissingAndMore({
        ...values,
        lacks: listed(
          more.map(({ lack }) => lack),
          'and',
        ),
        fix: joined(
          more.map(({ fix }) => fix),
          'semicolon',
        ),
      });
    },
  },
  {
    code: 'kata-virtiofsd-missing',
    match:
      /virtiofs daemon (\S+) returned with error|fork\/exec (\S*virtiofsd\S*): no such file or directory/,
    explain: ([path = '', started = ''], context) =>
      text.kataVirtiofsdMissing({ path: path || started, config: configOf(context) }),
  },
  {
    code: 'kata-virtiofsd-missing',
    match: /Virtio-fs daemon path (\S+) is invalid/,
    explain: ([path = ''], context) => text.kataVirtiofsdMissing({ path, config: configOf(context, 'rust') }),
  },
  {
    code: 'kata-program-missing',
    match: /fork\/exec (\S+): no such file or directory/,
    families: kata,
    when: ({ entry }) => entry.runtimeType !== undefined,
    explain: ([path = ''], context) =>
      text.kataProgramMissing({ path, config: configOf(context), releases: kataReleases }),
  },
  {
    code: 'kata-runtime-missing',
    match:
      /(?:fork\/exec (\S+): no such file or directory|exec: "([^"]+)": (?:stat|executable file not found))/,
    families: kata,
    explain: ([direct = '', looked = ''], context) =>
      text.kataRuntimeMissing({
        path: direct || looked,
        install: install(context),
        file: context.file,
        entry: shimEntry(context),
        restart: restartHint(context),
      }),
  },
  {
    code: notOciCode,
    // runtime/cmd/kata-runtime/main.go, 3.25.0 to 4.1.0; seen with 3.25.0.
    match: /Invalid command "create"/,
    families: kataOrOther,
    explain: (_, context) => notOci(context),
  },
  {
    code: 'kata-syslog-missing',
    match: /Unix syslog delivery error/,
    explain: () => text.kataSyslogMissing({ fix: syslogFix }),
  },
  {
    code: 'kata-vsock-missing',
    // A device whose module cannot be loaded exists without a driver: "No such device".
    match:
      /host system doesn't support vsock|\/dev\/vhost-vsock: no such file or directory|failed to open \/dev\/vhost-vsock\b[\s\S]*?No such (?:file|device)/,
    explain: () => text.kataVsockMissing({ fix: vsockFix }),
  },
];
