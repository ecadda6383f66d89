import { describe, expect, test } from 'vitest';
import { kataSettings, monitorSaid } from '../../../../src/core/runtimes/kata/configuration.ts';

// Lines of runtime/config/configuration-qemu.toml.in of 3.25.0, as its build fills them in.
const shipped = `
[hypervisor.qemu]
path = "/opt/kata/bin/qemu-system-x86_64"
kernel = "/opt/kata/share/kata-containers/vmlinuz.container"
# initrd = "/opt/kata/share/kata-containers/kata-containers-initrd.img"
default_memory = 2048
#enable_debug = true

[agent.kata]
kernel_modules=[]
# Agent connection dialing timeout value in seconds
# (default: 45)
dial_timeout = 45

[runtime]
create_container_timeout = 60
`;

describe('Kata’s configuration', () => {
  test('as it is shipped', () => {
    expect(kataSettings(shipped)).toEqual({
      startLimitMs: 90_000,
      hasMonitor: true,
      kernel: '/opt/kata/share/kata-containers/vmlinuz.container',
      memoryMiB: 2048,
    });
  });

  test('a longer dial_timeout makes the time of a start longer, within reason', () => {
    const limit = (line: string) => kataSettings(shipped.replace('dial_timeout = 45', line)).startLimitMs;
    expect(limit('dial_timeout = 300 # slow')).toBe(345_000);
    expect(limit('dial_timeout = 900000')).toBe(600_000);
    for (const nonsense of ['dial_timeout = -1', 'dial_timeout = "x"', '#dial_timeout = 300', ''])
      expect(limit(nonsense), nonsense).toBe(90_000);
    // A key of that name in another table is another one.
    expect(limit('[runtime]\ndial_timeout = 300')).toBe(90_000);
  });

  test('of the Rust runtime, which polls QEMU for 50 s before it dials', () => {
    const rust = '[agent.kata]\nreconnect_timeout_ms = 60000\n[hypervisor.dragonball]\nkernel = "/k"\n';
    expect(kataSettings(rust)).toMatchObject({ startLimitMs: 125_000, hasMonitor: false, kernel: '/k' });
  });

  test('that is no TOML has the usual time', () => {
    for (const text of [
      '',
      'default_vcpus = = 1\n[',
      '\u0000'.repeat(1000),
      '[hypervisor.qemu]\nkernel = ""\n',
    ])
      expect(kataSettings(text)).toEqual({
        startLimitMs: 90_000,
        hasMonitor: true,
        kernel: null,
        memoryMiB: null,
      });
  });
});

describe('what QEMU said', () => {
  // The form of logrus' text formatter (Go runtime, virtcontainers/qemu.go, LogAndWait).
  const line = (level: string, message: string, more = 'qemuPid=4711 sandbox=c0ffee source=virtcontainers') =>
    `time="2026-11-29T10:00:00Z" level=${level} msg="${message}" name=containerd-shim-v2 pid=4700 ${more} subsystem=qemu`;

  test('is in the lines of the journal with its process id', () => {
    const lines = [
      line('info', 'Start logging QEMU (qemuPid=4711)'),
      line('error', 'Could not access KVM kernel module: No such file or directory'),
      line('error', 'qemu-system-x86_64: failed to initialize kvm: No such file or directory'),
      line('error', 'Failed to read guest console logs', 'source=virtcontainers'),
      line('info', 'Stop logging QEMU (qemuPid=4711)'),
    ];
    expect(monitorSaid(lines.join('\n'))).toBe(
      'Could not access KVM kernel module: No such file or directory; qemu-system-x86_64: failed to initialize kvm: No such file or directory',
    );
  });

  test('or those of the Rust runtime', () => {
    const json =
      '{"msg":"qemu stderr: \\"qemu-system-x86_64: cannot set up guest memory\\"","level":"ERRO","subsystem":"qemu"}';
    expect(monitorSaid(json)).toBe('qemu-system-x86_64: cannot set up guest memory');
  });

  test('is short, without control characters, and nothing where there is nothing', () => {
    const hostile = [
      line('error', `\u001b[2J${'x'.repeat(100_000)}`),
      ...Array.from({ length: 500 }, (_, n) => line('error', `${n}`)),
      line('error', 'a \\"quoted\\" \\\\ word'),
    ];
    expect(monitorSaid(hostile.join('\n'))).toBe('498; 499; a "quoted" \\ word');
    const long = monitorSaid(hostile[0] ?? '') ?? '';
    expect(long.length).toBeLessThanOrEqual(200);
    expect(long).not.toContain('\u001b');
    expect(monitorSaid('')).toBeNull();
    expect(monitorSaid('kata: something else')).toBeNull();
  });
});
