import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { detectCgroupLayout } from '../../src/core/collect/cgroup/layout.ts';
import { kataOverheadsFile } from '../../src/core/collect/kata-overheads.ts';
import { openRuntimeDirectory, runtimeDirectory } from '../../src/core/host/run-registry.ts';
import { canRun, ocibench, workplace } from './support.ts';

describe.skipIf(!canRun)('cgroups that Kata left', () => {
  test('are removed by clean where a run wrote its container down, and left alone where none did', async () => {
    const place = await workplace();
    const runId = `test-kata-${process.pid}`;
    const list = kataOverheadsFile(runtimeDirectory, runId);
    const [ours, others] = [randomBytes(32), randomBytes(32)].map((bytes) => bytes.toString('hex'));
    const parents = detectCgroupLayout().mounts.map((mount) => join(mount, 'kata_overhead'));
    const made = parents.filter((parent) => !existsSync(parent));
    const of = (id = '') => parents.map((parent) => join(parent, id)).filter((dir) => existsSync(dir));
    try {
      for (const parent of parents)
        for (const id of [ours, others]) await mkdir(join(parent, id ?? ''), { recursive: true });
      await openRuntimeDirectory();
      await mkdir(dirname(list), { recursive: true });
      await writeFile(list, `${ours}\n`);
      const { stdout, exitCode } = await ocibench(['clean', '--in', place.path], place.path);
      expect([exitCode, stdout]).toEqual([
        0,
        expect.stringContaining(`removed Kata's cgroups of run ${runId}`),
      ]);
      expect(of(ours)).toEqual([]);
      expect(of(others)).toHaveLength(parents.length);
      expect(existsSync(list)).toBe(false);
    } finally {
      await rm(list, { force: true });
      for (const dir of [...of(ours), ...of(others), ...made]) await rmdir(dir);
      await place.remove();
    }
  });
});
