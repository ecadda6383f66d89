import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { explainPreflight } from '../../../src/core/host/preflight/explain.ts';
import type { RuntimeEntry } from '../../../src/core/model/runtime/runtime.ts';
import type { PreflightContext } from '../../../src/core/runtimes/failure-rule.ts';
import type { KvmState } from '../../../src/core/runtimes/guest/facts.ts';
import { runRecord } from '../../support/records.ts';
import { fixture, fixtures } from '../collect/fixture-files.ts';

const { host, engine } = runRecord();
const kata: RuntimeEntry = { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin: 'daemon.json' };
const explain = (error: string, more: Partial<PreflightContext> = {}) =>
  explainPreflight(error, { entry: kata, host, engine, ...more });
const kvmIs = (kvm: KvmState): Partial<PreflightContext> => ({
  devices: { kvm, vsock: true, syslog: 'socket' },
});
const captured = (name: string) => fixture('kata', 'errors-3.25.0', `${name}.txt`);

const byPath = (program: string): Partial<PreflightContext> => ({
  entry: { name: 'kata', path: `/opt/kata/bin/${program}`, origin: 'daemon.json' },
});
const registersShim =
  /"kata": \{"runtimeType": "io\.containerd\.kata\.v2"\} under "runtimes" in \/etc\/docker/;
const ownConfig: Partial<PreflightContext> = {
  entry: { ...kata, options: { ConfigPath: '/srv/kata.toml' } },
};

/** Each broken installation of Kata 3.25.0 whose words were captured: code, what the reason says, what the fix says. */
const failures: readonly (readonly [
  name: string,
  code: string,
  reason: RegExp,
  fix: RegExp,
  known?: Partial<PreflightContext>,
])[] = [
  ['novsock', 'kata-vsock-missing', /vsock.*\/dev\/vhost-vsock/, /modprobe vhost_vsock.*modules-load\.d/],
  ['nokvm', 'kvm-missing', /no \/dev\/kvm/, /modprobe kvm_intel/, kvmIs('missing')],
  ['kvm', 'kvm-unusable', /cannot run an ordinary guest/, /bare metal/, kvmIs('unusable')],
  ['kvm', 'kvm-permission', /access to \/dev\/kvm is denied/, /ls -l \/dev\/kvm/, kvmIs('denied')],
  ['kvm', 'kata-vmm-ended', /QEMU ended while it started/, /journalctl -t kata/, kvmIs('usable')],
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
  [
    'badtoml',
    'kata-config-invalid',
    /^\/srv\/kata\.toml .*line 88, hypervisor\.qemu\.default_vcpus: expected value but found '=' instead$/,
    /correct line 88 of \/srv\/kata\.toml/,
    ownConfig,
  ],
  [
    'badvalue',
    'kata-config-invalid',
    /line 121, hypervisor\.qemu\.default_memory: incompatible types: .* destination has type integer$/,
    /\/etc\/kata-containers\/configuration\.toml/,
  ],
  [
    'badmachine',
    'kata-machine-type',
    /the machine type q36/,
    /machine_type = "q35" .*\/srv\/kata/,
    ownConfig,
  ],
  ['typo', 'kata-shim-type', /io\.containerd\.kata\.v3 is not a shim of Kata/, registersShim],
  ['runtime3', 'kata-not-oci', /kata-runtime is a tool/, registersShim, byPath('kata-runtime')],
  ['shim-as-path', 'shim-by-path', /is a containerd shim/, registersShim, byPath('containerd-shim-kata-v2')],
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
    if (code !== 'kata-shim-missing' && fix !== registersShim)
      expect(explained.fix).not.toContain('"runtimeType"');
  });

  test('every captured failure is among them', () => {
    const names = readdirSync(join(fixtures, 'kata/errors-3.25.0')).map((file) => file.replace('.txt', ''));
    expect(names.filter((name) => !failures.some(([known]) => known === name))).toEqual([]);
    expect(names).toHaveLength(18);
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

test('kata-runtime of today, registered by path as in the days of Kata 1', () => {
  const path = { name: 'kata-runtime', path: '/opt/kata/bin/kata-runtime', origin: 'daemon.json' } as const;
  const { code, reason, fix } = explain('OCI runtime create failed: Invalid command "create": unknown', {
    entry: path,
  });
  expect([code, reason]).toEqual(['kata-not-oci', expect.stringContaining('kata-runtime is a tool')]);
  expect(fix).toMatch(/"kata-runtime": \{"runtimeType": "io\.containerd\.kata\.v2"\}/);
});

test('Kata 1 in a namespace of private mounts', () => {
  const error =
    'mkdir /run/kata-containers/shared/containers/c0ffee/rootfs/proc: read-only file system: unknown';
  expect(explain(error)).toMatchObject({
    code: 'kata-mount-private',
    fix: expect.stringContaining('make-rshared'),
  });
});

/**
 * The engine's words for an error of the Rust runtime: its causes by number, as Rust writes a string for debugging (seen
 * in kata#9625; runtime-rs crates/service/src/task_service.rs).
 */
const rust = (...causes: readonly string[]) =>
  `failed to create shim task: Others("failed to handle message ${causes[0]}\\n\\nCaused by:${causes
    .slice(1)
    .map((cause, nth) => `\\n    ${nth}: ${cause}`)
    .join('')}"): unknown`;
const configs = ['etc/kata-containers', 'usr/share/defaults/kata-containers']
  .map((place) => `\\"/${place}/runtime-rs/configuration.toml\\"`)
  .join(', ');
const loading = ['try init runtime instance', 'load config', `load TOML config failed (tried [${configs}])`];
const starting = ['start sandbox in task handler', 'start vm'];
const noFile = 'No such file or directory (os error 2)';

/** Texts of the Rust runtime from its sources, the same in 3.25.0, 3.32.0, 4.0.0 and 4.1.0 where nothing is said. */
const rustFailures: readonly (readonly [
  error: string,
  code: string,
  words: RegExp,
  known?: Partial<PreflightContext>,
])[] = [
  // runtime-rs crates/runtimes/src/manager.rs and libs/kata-types/src/config/mod.rs
  [
    rust(...loading, 'entity not found'),
    'kata-config-missing',
    /cp \/opt\/kata\/share\S*\/runtime-rs\/\S+ \/etc\/kata-containers\/runtime-rs\/configuration\.toml/,
  ],
  [
    rust(...loading, noFile),
    'kata-config-missing',
    /\/srv\/kata\.toml, which runtimes\.kata/,
    { entry: { ...kata, options: { ConfigPath: '/srv/kata.toml' } } },
  ],
  // libs/kata-types/src/annotations/mod.rs
  [
    rust('try init runtime instance', 'load config', 'Runtime name is missing in the configuration'),
    'kata-config-foreign',
    /Go runtime.*configuration-qemu-runtime-rs\.toml/,
  ],
  // libs/kata-types/src/config/hypervisor/*.rs
  [
    rust(...loading, `guest kernel image file /opt/kata/vmlinux is invalid: ${noFile}`),
    'kata-file-missing',
    /kernel is missing.*\/etc\/kata-containers\/runtime-rs\/configuration\.toml/,
  ],
  [
    rust(...loading, `guest boot image file /opt/kata/kata.img is invalid: ${noFile}`),
    'kata-file-missing',
    /image or initrd is missing/,
  ],
  [
    rust(...loading, `Qemu binary path \`/opt/qemu\` is invalid: ${noFile}`),
    'kata-file-missing',
    /the hypervisor is missing/,
  ],
  [
    rust(...loading, `CH binary path \`/opt/cloud-hypervisor\` is invalid: ${noFile}`),
    'kata-file-missing',
    /the hypervisor is missing/,
  ],
  [
    rust(...loading, `OpenVMM binary path \`/opt/openvmm\` is invalid: ${noFile}`), // 4.1.0
    'kata-file-missing',
    /the hypervisor is missing/,
  ],
  [
    rust(...loading, `Virtio-fs daemon path /opt/virtiofsd is invalid: ${noFile}`),
    'kata-virtiofsd-missing',
    /\/opt\/virtiofsd cannot be started/,
  ],
  [
    rust('try init runtime instance', 'load config', 'Both guest boot image and initrd for qemu are empty'),
    'kata-guest-image-missing',
    /initrd = /,
  ],
  [
    rust('x', 'Both of guest boot image and initrd for dragonball hypervisor is empty'),
    'kata-guest-image-missing',
    /initrd = /,
  ],
  // runtime-rs crates/hypervisor/src/device/driver/virtio_vsock.rs
  [
    rust(...starting, 'failed to open /dev/vhost-vsock, try to run modprobe vhost_vsock.', noFile),
    'kata-vsock-missing',
    /modprobe vhost_vsock/,
  ],
  [
    rust(...starting, 'failed to open /dev/vhost-vsock, try to run modprobe vhost_vsock.', 'No such device'),
    'kata-vsock-missing',
    /modprobe vhost_vsock/,
  ],
  // runtime-rs crates/agent/src/sock/vsock.rs before and after 3.32.0, hybrid_vsock.rs
  [
    rust(
      ...starting,
      'connect',
      'vsock: failed to connect to Vsock { vsock_cid: 3, port: 1024 }, err Some(x)',
    ),
    'kata-agent-silent',
    /reconnect_timeout_ms/,
  ],
  [
    rust('x', 'vsock: failed to connect to Vsock { vsock_cid: 3 } within 3s (attempts=9), last_err=None'),
    'kata-agent-silent',
    /reconnect_timeout_ms/,
  ],
  [
    rust('x', 'hybrid vsock: failed to connect to HybridVsock { uds: \\"/run/kata/x\\" }, err connect'),
    'kata-agent-silent',
    /reconnect_timeout_ms/,
  ],
  // runtime-rs crates/hypervisor/src/qemu/qmp.rs from 3.26.0 on, ch/inner_hypervisor.rs
  [
    rust(...starting, 'timed out waiting for QMP ready: /run/kata/x/root/qmp.sock', 'qmp handshake failed'),
    'kata-vmm-ended',
    /never answered.*journalctl -t kata.*qemu stderr/,
    kvmIs('usable'),
  ],
  [
    rust(...starting, 'timed out waiting for QMP ready: /run/kata/x/root/qmp.sock', 'qmp handshake failed'),
    'kvm-missing',
    /no \/dev\/kvm/,
    kvmIs('missing'),
  ],
  [
    rust(...starting, 'API socket connect timed out after 10 seconds', 'deadline has elapsed'),
    'kvm-unusable',
    /cannot run an ordinary guest/,
    kvmIs('unusable'),
  ],
  // runtime-rs crates/hypervisor/src/dragonball/vmm_instance.rs
  [
    rust('start sandbox in task handler', 'prepare vm', 'run vmm server', noFile),
    'kvm-missing',
    /no \/dev\/kvm/,
  ],
];

const rustCases = rustFailures.map(
  ([error, code, words, known = {}]) => [error, code, words, known] as const,
);

test.each(rustCases)('the Rust runtime: %s', (error, code, words, known) => {
  const explained = explain(error, known);
  expect(explained.code).toBe(code);
  expect(`${explained.reason} ${explained.fix}`).toMatch(words);
  expect(explained.reason).not.toContain('`');
  expect(explained.reason + explained.fix).not.toMatch(/undefined|null|NaN/);
});

// runtime/pkg/resourcecontrol/cgroups.go from 3.27.0 on; agent/protocols/client/client.go
test.each([
  ['failed to add any hypervisor device to devices cgroup: unknown', 'kvm-missing'],
  ['timed out connecting to hybrid vsocket hvsock:///run/vc/vm/x/kata.hvsock:1024', 'kata-agent-silent'],
])('the Go runtime, from its sources: %s', (error, code) => expect(explain(error).code).toBe(code));

test('what the fixes name is in the static build of 4.1.0', () => {
  const { fix } = explain(captured('noshim'));
  // docs/installation.md of 4.1.0
  expect(fix).toContain('"runtimeType": "/opt/kata/runtime-rs/bin/containerd-shim-kata-v2"');
  expect(fix).toMatch(/"ConfigPath": "\S+\/runtime-rs\/configuration-qemu-runtime-rs\.toml"/);
  expect(fix).toContain('kata-go-static-');
});

test.each([
  ['missing', 'kvm-missing'],
  ['denied', 'kvm-permission'],
  ['unusable', 'kvm-unusable'],
  ['silent', 'kvm-unusable'],
  ['created', 'timeout'],
  ['usable', 'timeout'],
] as const)('a start that never ended, and a KVM that is %s', (kvm, code) => {
  expect(explain('no answer within 60 s', kvmIs(kvm)).code).toBe(code);
});

const guest = { startLimitMs: 90_000, hasMonitor: true, kernel: null, memoryMiB: 900_000 } as const;

test('a guest that is to have more memory than the host', () => {
  const known = { host: { ...host, memoryBytes: 8 * 2 ** 30 }, guest: { ...guest, file: '/srv/kata.toml' } };
  for (const error of ['no answer within 90 s', captured('kvm')]) {
    const { code, reason, fix } = explain(error, { ...kvmIs('usable'), ...known });
    expect([code, reason]).toEqual([
      'kata-memory',
      expect.stringMatching(/900000 MiB in \/srv\/kata\.toml.*8192 MiB/),
    ]);
    expect(fix).toContain('default_memory under [hypervisor.qemu] in /srv/kata.toml');
    // Without KVM QEMU ends before it asks for memory.
    expect(explain(error, { ...kvmIs('missing'), ...known }).code).toBe('kvm-missing');
  }
  const said =
    "no answer within 90 s\nqemu-system-x86_64: cannot set up guest memory 'dimm1': Cannot allocate memory";
  expect(explain(said, kvmIs('usable')).code).toBe('kata-memory');
});

test('a start that hung and left no virtual machine monitor', () => {
  expect(explain('no answer within 90 s; no virtual machine monitor was left', kvmIs('usable')).code).toBe(
    'kata-vmm-absent',
  );
  // Without KVM that is why.
  expect(explain('no answer within 90 s; no virtual machine monitor was left', kvmIs('missing')).code).toBe(
    'kvm-missing',
  );
  // What a shim or runc lacks is no memory of a guest.
  expect(explain('fork/exec /proc/self/exe: cannot allocate memory', kvmIs('usable')).code).toBe(
    'out-of-memory',
  );
});

test.each([
  [null, 'usable', false],
  ['kvm', 'usable', true],
  [null, 'silent', true],
] as const)(
  'a silent agent under hypervisor %s and a KVM that is %s: KVM first %s',
  (hypervisor, kvm, first) => {
    for (const error of [captured('noagent'), 'vsock: failed to connect to Vsock { vsock_cid: 3 }']) {
      const { code, fix } = explain(error, { ...kvmIs(kvm), host: { ...host, hypervisor } });
      expect([code, fix.startsWith('KVM may be unable to run a guest here')]).toEqual([
        'kata-agent-silent',
        first,
      ]);
    }
  },
);

test('a Kata that is not installed, on a host that lacks more', () => {
  const devices = { kvm: 'missing', vsock: false, syslog: 'socket' } as const;
  const { code, reason, fix } = explain(captured('noshim'), { devices });
  expect([code, reason]).toEqual([
    'kata-shim-missing',
    expect.stringMatching(/needs \/dev\/kvm and \/dev\/vhost-vsock, which this host lacks$/),
  ]);
  expect(fix).toMatch(/Debian has no package;.*modprobe kvm_intel.*modprobe vhost_vsock/);
});

test('a limit that was too short for Kata’s own words is said to be about the guest', () => {
  const { code, reason, fix } = explain('no answer within 20 s');
  expect(code).toBe('timeout');
  expect(reason).toContain('virtual machine');
  expect(fix).toContain('dial_timeout (45 s by default)');
  expect(fix).toContain('run --set stepLimit=');
  expect(fix).not.toContain('100%');
});
