import { describe, expect, test } from 'vitest';
import { type MachineSpec, qemuArguments } from '../../../src/features/lab/qemu.ts';

const spec: MachineSpec = {
  directory: '/c',
  name: 'guest-1-2',
  accelerator: 'tcg',
  cpus: 2,
  memoryMiB: 3000,
  kernel: '/c/vmlinuz',
  initrd: '/c/initrd.img',
  systemDisk: '/c/a,b.ext4',
  runDisk: '/c/run.ext4',
  mode: 'exec',
  consoleLog: '/c/console.log',
};

/** The values that follow an option. */
function values(args: readonly string[], option: string): readonly string[] {
  return args.flatMap((arg, at) => (arg === option ? [args[at + 1] ?? ''] : []));
}

describe('a guest', () => {
  const args = qemuArguments(spec);

  test('has no network and no device that was not asked for, and ends where it would restart', () => {
    expect(values(args, '-net')).toEqual(['none']);
    for (const flag of ['-nodefaults', '-no-user-config', '-no-reboot']) expect(args).toContain(flag);
  });

  test('can start no program on the host and become no other user', () => {
    expect(values(args, '-sandbox')).toEqual([
      'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny',
    ]);
    expect(values(args, '-name')).toEqual(['guest-1-2']);
  });

  test('never changes its system disk and keeps what it writes to the other', () => {
    const [system, run] = values(args, '-drive');
    expect(system).toMatch(/snapshot=on/);
    expect(run).toMatch(/snapshot=off/);
  });

  test('a comma in a path separates no options', () => {
    expect(values(args, '-drive')[0]).toContain('file=/c/a,,b.ext4,');
  });

  test('knows from its kernel line how it is executed and what it is for', () => {
    const words = (values(args, '-append')[0] ?? '').split(' ');
    for (const word of [
      'ocibench.accelerator=tcg',
      'systemd.run=/lab/input/exec',
      'systemd.unified_cgroup_hierarchy=1',
      'panic=-1',
    ])
      expect(words).toContain(word);
  });

  test('is emulated on several threads, or executed by KVM', () => {
    expect(values(args, '-accel')).toEqual(['tcg,thread=multi']);
    expect(values(qemuArguments({ ...spec, accelerator: 'kvm' }), '-accel')).toEqual(['kvm']);
  });

  test('a shell has the serial console as its terminal; a command has a port of its own beside it', () => {
    expect(values(args, '-serial')).toEqual(['file:/c/console.log']);
    expect(args.join(' ')).toContain('virtserialport');
    const shell = qemuArguments({ ...spec, mode: 'shell' });
    expect(values(shell, '-serial')).toEqual(['chardev:stdio']);
    expect(shell.join(' ')).not.toContain('virtserialport');
  });
});
