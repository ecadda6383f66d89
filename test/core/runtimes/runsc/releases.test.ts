import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { explainPreflight } from '../../../../src/core/host/preflight/explain.ts';
import type { HostFacts } from '../../../../src/core/model/machine/host.ts';
import {
  gvisorDefaults,
  gvisorRelease,
  gvisorReleased,
  runscExpectsSidecars,
  runscNetworkFails,
} from '../../../../src/core/runtimes/runsc/settings.ts';
import runsc, { runscFlags } from '../../../../src/core/runtimes/runsc.ts';
import { fixture, fixtures } from '../../collect/fixture-files.ts';

// What the project knows of gVisor, against what two of its releases say (test/fixtures/gvisor/README.md).
const releases = ['20240729', '20260817'] as const;
type Release = (typeof releases)[number];

const flags = (release: Release): ReadonlyMap<string, string> =>
  new Map(
    fixture('gvisor', `flags-${release}.txt`)
      .trim()
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  );
const [old, current] = [flags('20240729'), flags('20260817')];

describe('flags', () => {
  /** `sidecar-usage-policy` came after the newest release that is held here. */
  const later = ['sidecar-usage-policy'];

  test('every recorded flag is one of a known release, once', () => {
    expect(runscFlags.filter((name) => !old.has(name) && !current.has(name))).toEqual(later);
    expect(new Set(runscFlags).size).toBe(runscFlags.length);
    expect(runsc.recordedFlags).toBe(runscFlags);
  });

  test('what is not recorded changes no figure, or could be a secret', () => {
    const unrecorded = [...new Set([...old.keys(), ...current.keys()])].filter(
      (name) => !runscFlags.includes(name),
    );
    expect(unrecorded.toSorted()).toEqual([
      'TESTONLY-afs-syscall-panic',
      'TESTONLY-allow-packet-endpoint-write',
      'TESTONLY-autosave-image-path',
      'TESTONLY-autosave-resume',
      'TESTONLY-test-name-env',
      'TESTONLY-unsafe-nonroot',
      // Of a checkpoint and its restoring, which nothing here measures.
      'allow-connected-on-save',
      'allow-live-tcp-migration',
      'coverage-fd',
      'coverage-report',
      'debug-command',
      'debug-log-fd',
      'gvisor-marker-file',
      'log-fd',
      'net-disconnect-ok',
      'nvproxy-allow-unsupported-driver',
      'nvproxy-allowed-driver-capabilities',
      'nvproxy-docker',
      'nvproxy-driver-version',
      'override-procs',
      'panic-log',
      'panic-log-fd',
      'panic-signal',
      'restore-spec-validation',
      'save-restore-netstack',
      'traceback',
    ]);
  });

  test.each(releases)('the defaults that are assumed are those of %s', (release) => {
    const defaults = flags(release);
    expect({ platform: defaults.get('platform'), network: defaults.get('network') }).toEqual(gvisorDefaults);
    // What `rootfsInMemory` and the texts of workloads say.
    expect(defaults.get('overlay2')).toBe('root:self');
    expect(defaults.get('directfs')).toBe('true');
    expect(defaults.get('file-access-mounts')).toBe('shared');
    // Docker's filter of system calls does not bind the program (docs/hardening.md), and there is no io_uring.
    expect(defaults.get('oci-seccomp')).toBe('false');
    expect(defaults.get('iouring')).toBe('false');
  });

  test('what a program sees of its quota differs between them', () => {
    expect([old.get('cpu-num-from-quota'), current.get('cpu-num-from-quota')]).toEqual(['false', 'true']);
  });

  test('a newer release took no flag away but one of its tests', () => {
    expect([...old.keys()].filter((name) => !current.has(name))).toEqual([
      'TESTONLY-allow-packet-endpoint-write',
    ]);
  });
});

test.each([
  ['20240729', '2024-07-29', { network: true, sidecars: false }],
  ['20260817', '2026-08-17', { network: false, sidecars: true }],
] as const)('%s is told by its version', (release, day, expected) => {
  const [version = ''] = fixture('gvisor', `version-${release}.txt`).split('\n');
  expect(gvisorRelease(version)).toBe(Number(release));
  expect(gvisorReleased(version)).toBe(day);
  expect(runscNetworkFails(version, null, '6.18.0')).toBe(expected.network);
  expect(runscExpectsSidecars(version)).toBe(expected.sidecars);
});

describe('errors', () => {
  const codes: Readonly<Record<Release, Readonly<Record<string, string>>>> = {
    '20240729': {
      'flag-unknown': 'runsc-flag-unknown',
      'kvm-absent': 'runsc-kvm-unavailable',
      'network-own': 'runsc-network-namespace',
      'network-unknown': 'runsc-flag-value',
      'platform-unknown': 'runsc-platform-unknown',
      'shared-rootfs': 'runsc-shared-root',
      // This release does not know it.
      slimvm: 'runsc-platform-unknown',
    },
    '20260817': {
      'flag-unknown': 'runsc-flag-unknown',
      'kvm-absent': 'runsc-kvm-unavailable',
      'kvm-ended': 'runsc-kvm-ended',
      'network-unknown': 'runsc-flag-value',
      'platform-unknown': 'runsc-platform-unknown',
      'shared-rootfs': 'runsc-shared-root',
      slimvm: 'runsc-slimvm-unavailable',
    },
  };

  const entry = {
    name: 'gv',
    path: '/usr/bin/runsc',
    runtimeArgs: ['--platform=kvm'],
    origin: 'daemon.json',
  } as const;
  const host = { kernel: '6.18.0', hypervisor: null } as HostFacts;
  const explained = (text: string, runtimeArgs: readonly string[] = entry.runtimeArgs) =>
    explainPreflight(
      // As containerd's shim passes on what a runtime prints.
      `OCI runtime create failed: unable to retrieve OCI runtime error (open log.json: no such file or directory): /usr/bin/runsc did not terminate successfully: exit status 128: ${text}: unknown`,
      { entry: { ...entry, runtimeArgs: [...runtimeArgs] }, host },
    );

  test.each(
    releases.flatMap((release) => Object.entries(codes[release]).map((row) => [release, ...row] as const)),
  )('%s: %s is %s', (release, name, code) => {
    expect(explained(fixture('gvisor', `errors-${release}`, `${name}.txt`).trim()).code).toBe(code);
  });

  test.each(releases)('every error of %s is told', (release) => {
    const names = readdirSync(join(fixtures, `gvisor/errors-${release}`)).map((file) =>
      file.replace('.txt', ''),
    );
    expect(names.toSorted()).toEqual(Object.keys(codes[release]).toSorted());
  });

  test('a flag or a value that this release does not take is named', () => {
    const said = (name: string) =>
      explained(fixture('gvisor', 'errors-20240729', `${name}.txt`).trim()).reason;
    expect(said('flag-unknown')).toBe('this runsc has no flag --no-such-flag; flags differ between releases');
    expect(said('network-unknown')).toBe("this runsc does not accept the value 'bad' for --network");
  });

  test('a sandbox that ended is not laid at the door of KVM where it does not use it', () => {
    const text = fixture('gvisor', 'errors-20260817', 'kvm-ended.txt').trim();
    expect(explained(text, ['--platform=systrap']).code).toBe('runsc-sandbox-ended');
  });
});
