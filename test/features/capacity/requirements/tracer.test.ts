import { expect, test } from 'vitest';
import { tracerCheck } from '../../../../src/features/capacity/requirements/tracer.ts';

test('a host without bpftrace is fit, and the check says what needs it and how to get it', async () => {
  const [check] = await tracerCheck(async () => null);
  expect(check).toMatchObject({ id: 'bpftrace', status: 'ok' });
  expect(check?.detail).toContain('capacity measure needs it');
  expect(check?.fix).toBe('sudo apt-get install -y --no-install-recommends bpftrace');
});

test('with bpftrace there is nothing to do', async () => {
  const [check] = await tracerCheck(async () => '/usr/bin/bpftrace');
  expect(check?.status).toBe('ok');
  expect(check?.fix ?? null).toBeNull();
});
