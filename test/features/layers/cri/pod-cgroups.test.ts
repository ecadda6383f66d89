import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ContainerSpec } from '../../../../src/core/engine/engine.ts';
import { podCgroups } from '../../../../src/features/layers/cri/engine.ts';

let root: string;
const files = ['pids/pids.max', 'memory/memory.limit_in_bytes'];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ocibench-pods-'));
  for (const file of files) {
    mkdirSync(join(root, file.split('/')[0] ?? '', 'run/t0/ct'), { recursive: true });
    writeFileSync(join(root, file.replace('/', '/run/t0/ct/')), 'max');
  }
});
afterEach(() => rmSync(root, { recursive: true }));

const limits = () => files.map((file) => readFileSync(join(root, file.replace('/', '/run/t0/ct/')), 'utf8'));
const spec = { cgroupParent: '/run/t0', request: { command: [], timeoutMs: 1 } } as unknown as ContainerSpec;

test('the pods of one trial share its cgroup and add up, and one that is gone counts no more', () => {
  const cgroups = podCgroups({
    cgroupDirs: (path) => ['pids', 'memory'].map((each) => join(root, each, path)),
  });
  cgroups.limit(spec);
  expect(limits()).toEqual(['1024', String(2 ** 29)]);
  cgroups.limit(spec);
  expect(limits()).toEqual(['2048', String(2 ** 30)]);
  cgroups.forget(spec);
  cgroups.forget(spec);
  cgroups.limit(spec);
  expect(limits()).toEqual(['1024', String(2 ** 29)]);
});

test('without a cgroup of the trial nothing is limited', () => {
  const cgroups = podCgroups({ cgroupDirs: () => [root] });
  cgroups.limit({ ...spec, cgroupParent: null });
  cgroups.forget({ ...spec, cgroupParent: null });
  expect(limits()).toEqual(['max', 'max']);
});
