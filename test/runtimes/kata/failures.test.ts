import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { explainPreflight } from '../../../src/host/preflight/explain.ts';
import type { RuntimeEntry } from '../../../src/model/runtime.ts';
import type { PreflightContext } from '../../../src/runtimes/failure-rule.ts';
import { fixture, fixtures } from '../../collect/fixture-files.ts';
import { runRecord } from '../../support/records.ts';

const { host, engine } = runRecord();
const kata: RuntimeEntry = { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin: 'daemon.json' };
const explain = (error: string, more: Partial<PreflightContext> = {}) =>
  explainPreflight(error, { entry: kata, host, engine, ...more });
const captured = (name: string) => fixture('kata', 'errors-3.25.0', `${name}.txt`);

/** Each broken installation of Kata 3.25.0 whose words were captured: code, what the reason says, what the fix says. */
const failures: readonly (readonly [
  name: string,
  code: string,
  reason: RegExp,
  fix: RegExp,
  known?: Partial<PreflightContext>,
])[] = [
  ['novsock', 'kata-vsock-missing', /vsock.*\/dev\/vhost-vsock/, /modprobe vhost_vsock.*modules-load\.d/],
  ['nokvm', 'kvm-missing', /no \/dev\/kvm/, /modprobe kvm_intel/, { kvm: 'missing' }],
  ['kvm', 'kvm-unusable', /cannot run an ordinary guest/, /bare metal/, { kvm: 'unusable' }],
  ['kvm', 'kvm-permission', /may not be opened/, /ls -l \/dev\/kvm/, { kvm: 'denied' }],
  ['kvm', 'kata-vmm-ended', /QEMU ended while it started/, /journalctl -t kata/, { kvm: 'usable' }],
  [
    'novirtiofsd',
    'kata-virtiofsd-missing',
    /\/usr\/libexec\/virtiofsd-none cannot/,
    /apt-get install virtiofsd/,
  ],
  ['neither', 'kata-guest-image-missing', /no guest image/, /initrd = /],
  ['panic', 'kata-guest-unreachable', /panicked/, /enable_debug/],
  ['noagent', 'kata-agent-silent', /never answered/, /dial_timeout/],
  ['nokernel', 'kata-file-missing', /\/nothing, which .*bad-nokernel\.toml names/, /bad-nokernel\.toml/],
  ['noinitrd', 'kata-file-missing', /nothing\.img.*image or initrd is missing/, /bad-noinitrd\.toml/],
  ['noqemu', 'kata-file-missing', /qemu-none.*the hypervisor is missing/, /bad-noqemu\.toml/],
  ['missing', 'kata-config-missing', /no configuration file/, /configuration\.toml/],
  ['noshim', 'kata-shim-missing', /not installed: the shim/, /containerd-shim-kata-v2/],
];

describe('Kata 3.25.0 in its own words', () => {
  const cases = failures.map(
    ([name, code, reason, fix, known = {}]) => [name, code, reason, fix, known] as const,
  );
  test.each(cases)('%s: %s', (name, code, reason, fix, known) => {
    const explained = explain(captured(name), known);
    expect(explained.code).toBe(code);
    expect(explained.reason).toMatch(reason);
    expect(explained.fix).toMatch(fix);
    expect(explained.reason + explained.fix).not.toMatch(/undefined|null|NaN/);
    // What it has already is no remedy.
    if (code !== 'kata-shim-missing') expect(explained.fix).not.toContain('io.containerd.kata.v2');
  });

  test('every captured failure is among them', () => {
    const names = readdirSync(join(fixtures, 'kata/errors-3.25.0')).map((file) => file.replace('.txt', ''));
    expect(names.filter((name) => !failures.some(([known]) => known === name))).toEqual([]);
    expect(names).toHaveLength(12);
  });

  test('whatever its configuration file is called, and wherever it is', () => {
    const entry = { ...kata, options: { ConfigPath: '/srv/kata/clh.toml' } };
    for (const file of ['vmlinux', 'kata.img', 'bin/cloud-hypervisor']) {
      const { code, reason } = explain(`/srv/kata/clh.toml: file /opt/kata/${file} does not exist`, {
        entry,
      });
      expect([code, reason.includes('/srv/kata/clh.toml')]).toEqual(['kata-file-missing', true]);
    }
    for (const name of ['neither', 'panic', 'noagent', 'kvm', 'novirtiofsd', 'missing']) {
      const { fix } = explain(captured(name), { entry });
      expect(fix, name).toContain('/srv/kata/clh.toml');
      expect(fix, name).not.toContain('/etc/kata-containers');
    }
    const { reason } = explain(captured('missing'), { entry });
    expect(reason).toContain('runtimes.kata.options.ConfigPath');
  });
});

test('syslog: the socket is missed, whatever the release', () => {
  const { reason, fix } = explain('failed to create shim task: Unix syslog delivery error: unknown');
  expect(reason).toBe(
    'Kata (Go runtime) needs a syslog socket, and /dev/log is missing or cannot be reached',
  );
  expect(reason + fix).not.toMatch(/Kata [13]\.x/);
});

test('a helper of the shim that is missing is not Kata that is missing', () => {
  const error = 'failed to create shim task: fork/exec /opt/kata/bin/other: no such file or directory';
  expect(explain(error).code).toBe('kata-program-missing');
  const path = { name: 'kata-runtime', path: '/usr/bin/kata-runtime', origin: 'daemon.json' } as const;
  expect(explain('fork/exec /usr/bin/kata-runtime: no such file or directory', { entry: path }).code).toBe(
    'kata-runtime-missing',
  );
});

test('Kata 1 in a namespace of private mounts', () => {
  const error =
    'mkdir /run/kata-containers/shared/containers/c0ffee/rootfs/proc: read-only file system: unknown';
  expect(explain(error)).toMatchObject({
    code: 'kata-mount-private',
    fix: expect.stringContaining('make-rshared'),
  });
});

test.each([
  ['Both guest boot image and initrd for qemu are empty', 'kata-guest-image-missing'],
  ['guest kernel image file /opt/kata/vmlinux is invalid: No such file or directory', 'kata-file-missing'],
  ['Qemu binary path `/opt/qemu` is invalid: No such file or directory (os error 2)', 'kata-file-missing'],
  ['vsock: failed to connect to Vsock { vsock_cid: 3, port: 1024 }, err Some(failed)', 'kata-agent-silent'],
])('the Rust runtime: %s', (error, code) => {
  const explained = explain(error);
  expect(explained.code).toBe(code);
  expect(explained.reason).not.toContain('`');
});

test('a limit that was too short for Kata’s own words is said to be about the guest', () => {
  const { code, reason, fix } = explain('no answer within 20 s');
  expect(code).toBe('timeout');
  expect(reason).toContain('virtual machine');
  expect(fix).toContain('30 s');
  expect(fix).not.toContain('100 %');
});
