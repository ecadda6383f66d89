import { expect, test } from 'vitest';
import { bootGuest } from '../../../src/core/host/boot-guest.ts';

/** A shell in the place of QEMU. */
const boot = (script: string, limitMs = 10_000) =>
  bootGuest({ qemu: '/bin/sh', args: ['-c', script], directory: '/', sign: /it runs/, limitMs });

test('a guest is ended at its first sign', async () => {
  expect(await boot('echo Linux version 6; echo it runs; exec sleep 600')).toEqual({
    kind: 'sign',
    printed: 'Linux version 6\nit runs\n',
    said: '',
  });
});

test('one that ends has said why, and one that says nothing is ended in time', async () => {
  expect(await boot('echo KVM internal error >&2; exit 1')).toEqual({
    kind: 'ended',
    printed: '',
    said: 'KVM internal error\n',
  });
  expect((await boot('exec sleep 600', 100)).kind).toBe('time');
});

test('one that prints without end fills no memory', async () => {
  const { kind, printed, said } = await boot('yes >&2 & exec yes', 300);
  expect(kind).toBe('time');
  expect(Math.max(printed.length, said.length)).toBeLessThanOrEqual(64 * 1024);
});

test.skipIf(process.getuid?.() !== 0)('it runs as a user who owns nothing', async () => {
  const { printed } = await boot('id -u; id -G; echo it runs');
  const [user = '0', groups = '0'] = printed.split('\n');
  expect(Number(user)).toBeGreaterThanOrEqual(65_534);
  expect(groups.split(' ')).not.toContain('0');
});

test('what cannot be started has ended', async () => {
  const result = await bootGuest({
    qemu: '/nowhere/qemu',
    args: [],
    directory: '/',
    sign: /x/,
    limitMs: 5_000,
  });
  expect([result.kind, result.said]).toEqual(['ended', expect.stringContaining('/nowhere/qemu')]);
});
