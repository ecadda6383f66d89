import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readHostDevices } from '../../src/host/host-devices.ts';

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

test('what is not there, and a link that leads nowhere', async () => {
  const probe = async () => expect.fail('nothing may be started without /dev/kvm');
  expect(await readHostDevices({ root: join(root, 'empty'), probe })).toEqual({
    kvm: 'missing',
    vsock: false,
    syslog: 'dangling',
  });
  expect((await readHostDevices({ root: join(root, 'nowhere'), probe })).syslog).toBe('missing');
});
