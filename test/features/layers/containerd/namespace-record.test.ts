import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ownIdentity } from '../../../../src/core/host/process-identity.ts';
import {
  readRecords,
  removeRecord,
  writeRecord,
} from '../../../../src/features/layers/containerd/bundles.ts';

const runId = '20260101-000000-abcd';
let state = '';
let records = '';
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'ocibench-records-'));
  vi.stubEnv('OCIBENCH_STATE', state);
  records = join(state, 'ocibench-state/namespaces');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(state, { recursive: true });
});

test('a record says where a namespace is and whose, until it is removed', async () => {
  expect(await readRecords()).toEqual([]);
  await writeRecord(runId, { address: '/run/c.sock', directories: [] });
  await writeRecord(runId, { address: '/run/c.sock', directories: ['/x'] });
  expect(await readRecords()).toEqual([
    { runId, address: '/run/c.sock', directories: ['/x'], owner: ownIdentity() },
  ]);
  await removeRecord(runId);
  expect(await readRecords()).toEqual([]);
});

test('what is no record is not read: another name, a link, no JSON, a relative address', async () => {
  await mkdir(records, { recursive: true });
  const whole = JSON.stringify({ address: '/run/c.sock', directories: [], owner: ownIdentity() });
  await writeFile(join(records, 'notes'), whole);
  await writeFile(join(state, 'elsewhere'), whole);
  await symlink(join(state, 'elsewhere'), join(records, '20260101-000000-0001'));
  await writeFile(join(records, '20260101-000000-0002'), '');
  await writeFile(join(records, '20260101-000000-0003'), whole.replace('/run/c.sock', 'c.sock'));
  expect(await readRecords()).toEqual([]);
  expect(await readdir(records)).toContain('notes');
});
