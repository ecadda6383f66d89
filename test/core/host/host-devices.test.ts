import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readHostDevices } from '../../../src/core/host/host-devices.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'ocibench-devices-'));
  mkdirSync(join(root, 'empty/dev'), { recursive: true });
  mkdirSync(join(root, 'full/dev'), { recursive: true });
  for (const name of ['kvm', 'vhost-vsock', 'the-log']) writeFileSync(join(root, 'full/dev', name), '');
  symlinkSync('the-log', join(root, 'full/dev/log'));
  symlinkSync('/run/systemd/journal/nowhere', join(root, 'empty/dev/log'));
});
afterAll(() => rmSync(root, { recursive: true }));

test('what is there', async () => {
  const seen: string[] = [];
  const found = await readHostDevices({
    root: join(root, 'full'),
    probe: async (qemu) => {
      seen.push(qemu);
      return true;
    },
  });
  expect(found).toEqual({ kvm: seen.length === 0 ? 'untested' : 'usable', vsock: true, syslog: 'socket' });
});

test('a KVM under which QEMU ends, and one that gives no answer', async () => {
  const state = async (answer: boolean | null) =>
    (await readHostDevices({ root: join(root, 'full'), probe: async () => answer })).kvm;
  // Where no QEMU is installed nothing can be tried.
  expect(['unusable', 'untested']).toContain(await state(false));
  expect(await state(null)).toBe('untested');
});

// The QEMU of Kata 4.1 has the machine q35 alone (tools/packaging/static-build/qemu/build-qemu.sh), so no default one.
test.skipIf(existsSync('/opt/kata/bin/qemu-system-x86_64'))('QEMU is told its machine', async () => {
  const asked = join(root, 'asked');
  const script = `#!/bin/sh\necho "$*" > ${asked}\ncase "$*" in *q35,accel=kvm*) exit 0 ;; esac\nexit 1\n`;
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin/qemu-system-x86_64'), script, { mode: 0o755 });
  vi.stubEnv('PATH', `${join(root, 'bin')}:${process.env.PATH}`);
  const { kvm } = await readHostDevices({ root: join(root, 'full') });
  vi.unstubAllEnvs();
  expect([kvm, readFileSync(asked, 'utf8')]).toEqual(['usable', expect.stringContaining('-machine q35')]);
});

test('what is not there, and a link that leads nowhere', async () => {
  const probe = async () => expect.fail('nothing may be started without /dev/kvm');
  expect(await readHostDevices({ root: join(root, 'empty'), probe })).toEqual({
    kvm: 'missing',
    vsock: false,
    syslog: 'dangling',
  });
  expect((await readHostDevices({ root: join(root, 'nowhere'), probe })).syslog).toBe('missing');
});
