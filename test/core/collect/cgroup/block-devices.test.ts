import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stackedDevices } from '../../../../src/core/collect/cgroup/read.ts';
import { put } from './fake-hierarchy.ts';

test('device mapper and loop devices lie on others; disks do not; unknown ones count as disks', () => {
  const sys = mkdtempSync(join(tmpdir(), 'ocibench-sys-'));
  mkdirSync(join(sys, '8:0/slaves'), { recursive: true });
  mkdirSync(join(sys, '253:0/slaves/sda3'), { recursive: true });
  put(join(sys, '7:0/loop/backing_file'), '/var/lib/image\n');
  expect([...stackedDevices(['8:0', '253:0', '7:0', '9:9'], sys)].toSorted()).toEqual(['253:0', '7:0']);
  rmSync(sys, { recursive: true });
});
