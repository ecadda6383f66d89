import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { rename } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readHostDevices } from '../../../src/core/host/host-devices.ts';

let root = '';
const server = createServer();
const listening = (path: string) => new Promise<void>((resolve) => server.listen(path, resolve));
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ocibench-devices-'));
  for (const name of ['empty', 'full', 'dead']) mkdirSync(join(root, name, 'dev'), { recursive: true });
  for (const name of ['kvm', 'vhost-vsock']) writeFileSync(join(root, 'full/dev', name), '');
  await listening(join(root, 'full/dev/the-log'));
  symlinkSync('the-log', join(root, 'full/dev/log'));
  symlinkSync('/run/systemd/journal/nowhere', join(root, 'empty/dev/log'));
});
afterAll(() => {
  server.close();
  rmSync(root, { recursive: true });
});

const made = { make: async () => true, boot: async () => null };

test('what is there', async () => {
  const seen: string[] = [];
  const make = async (qemu: string) => {
    seen.push(qemu);
    return true;
  };
  const found = await readHostDevices({ root: join(root, 'full'), probe: { ...made, make } });
  expect(found).toEqual({ kvm: seen.length === 0 ? 'untested' : 'created', vsock: true, syslog: 'socket' });
});

/** A QEMU on PATH that writes its arguments down and does as told. */
async function withQemu(script: string, kernels: readonly string[] = []) {
  const bin = mkdtempSync(join(tmpdir(), 'ocibench-qemu-'));
  const asked = join(bin, 'asked');
  writeFileSync(asked, '');
  // The guest's user may write it down as well.
  chmodSync(bin, 0o755);
  chmodSync(asked, 0o666);
  const text = `#!/bin/sh\necho "$*" >> ${asked}\ncase "$*" in *"-S "*) exit 0 ;; esac\n${script}\n`;
  writeFileSync(join(bin, 'qemu-system-x86_64'), text, { mode: 0o755 });
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
  try {
    const { kvm } = await readHostDevices({ root: join(root, 'full'), kernels });
    return { kvm, asked: readFileSync(asked, 'utf8') };
  } finally {
    vi.unstubAllEnvs();
    rmSync(bin, { recursive: true });
  }
}

// The QEMU of Kata 4.1 has the machine q35 alone (tools/packaging/static-build/qemu/build-qemu.sh), so no default one.
describe.skipIf(existsSync('/opt/kata/bin/qemu-system-x86_64'))('KVM is tried', () => {
  const kernel = '/bin/sh';

  test('by making a guest, where no kernel is at hand', async () => {
    const { kvm, asked } = await withQemu('exit 1', [
      '/nowhere/vmlinuz',
      'relative',
      'nul\u0000',
      `/${'x'.repeat(5_000)}`,
      '/dev/null/x',
      '/dev',
    ]);
    expect([kvm, asked]).toEqual(['created', expect.stringContaining('-machine q35,accel=kvm')]);
    expect(asked.trim().split('\n')).toHaveLength(1);
  });

  // Words of QEMU 10 and of Linux 6.18 on a host whose KVM cannot run a guest, and on one whose can.
  test.each([
    ['usable', "echo '[    0.000000] Linux version 6.18.1'; echo 'Kernel panic - not syncing: VFS'"],
    ['unusable', "echo 'KVM internal error. Suberror: 1' >&2; exec sleep 60"],
    ['unusable', "echo 'Linux version 6.18.1'; echo 'error: kvm run failed Bad address' >&2; exit 1"],
    ['silent', 'echo Booting from ROM..; exec sleep 60'],
    ['created', "echo 'qemu: could not load kernel: Permission denied' >&2; exit 1"],
  ])('by booting a kernel, and is %s: %s', async (state, script) => {
    const { kvm, asked } = await withQemu(script, ['/nowhere/vmlinuz', kernel]);
    expect(kvm).toBe(state);
    // By its name: QEMU's user may be unable to enter the directories above.
    expect(asked).toContain('-kernel sh -append console=ttyS0');
    expect(asked).toContain('-sandbox on,obsolete=deny');
  });
});

test('a KVM under which QEMU ends, and one that gives no answer', async () => {
  const state = async (answer: boolean | null) => {
    const boot = async () => expect.fail('there is no guest to boot');
    return (await readHostDevices({ root: join(root, 'full'), probe: { make: async () => answer, boot } }))
      .kvm;
  };
  // Where no QEMU is installed nothing can be tried.
  expect(['unusable', 'untested']).toContain(await state(false));
  expect(await state(null)).toBe('untested');
});

test('what is not there, and a link that leads nowhere', async () => {
  const make = async () => expect.fail('nothing may be started without /dev/kvm');
  const probe = { ...made, make };
  expect(await readHostDevices({ root: join(root, 'empty'), probe })).toEqual({
    kvm: 'missing',
    vsock: false,
    syslog: 'dangling',
  });
  expect((await readHostDevices({ root: join(root, 'nowhere'), probe })).syslog).toBe('missing');
});

test('a socket on which nobody listens any more', async () => {
  const path = join(root, 'dead/dev/log');
  const ended = createServer();
  await new Promise<void>((resolve) => ended.listen(`${path}.new`, resolve));
  await rename(`${path}.new`, path);
  const state = async () => (await readHostDevices({ root: join(root, 'dead') })).syslog;
  expect(await state()).toBe('socket');
  await new Promise((resolve) => ended.close(resolve));
  expect(existsSync(path)).toBe(true);
  expect(await state()).toBe('dead');
});
