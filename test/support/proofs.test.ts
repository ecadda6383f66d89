import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestEnd } from './allowed-skips.ts';
import { labIsDue, lastLabProof, nightlyProofs, writeProofs } from './proofs.ts';

let place: string;
const source = () => join(place, 'src/core/collect/deep/a.ts');

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'proofs-'));
  for (const name of ['.ci', 'src/core/collect/deep', 'src/report'])
    await mkdir(join(place, name), { recursive: true });
  await writeFile(source(), 'one');
  const git = (...words: string[]) => execFileSync('git', words, { cwd: place });
  git('init', '--quiet');
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false'];
  git(...who, 'commit', '--quiet', '--allow-empty', '-m', 'x');
});
afterEach(() => rm(place, { recursive: true, force: true }));

const measured: TestEnd = {
  file: 'test/e2e/lab.test.ts',
  name: 'measures on pure cgroup v2 through the engine docker with the driver systemd',
  state: 'passed',
};
const other: TestEnd = { file: 'test/a.test.ts', name: 'a', state: 'passed' };

test('the lab is due until it was proved, and again when what it covers changes', async () => {
  expect(labIsDue(place)).toBe(true);
  writeProofs([measured, other], false, place);
  expect(labIsDue(place)).toBe(false);
  expect(lastLabProof(place)).toMatchObject({ passed: 1, failed: 0, skipped: 0 });
  await writeFile(join(place, 'src/report/b.ts'), 'words');
  expect(labIsDue(place)).toBe(false);
  await writeFile(source(), 'two');
  expect(labIsDue(place)).toBe(true);
});

test('a lab that failed, or did not measure, proves nothing', () => {
  writeProofs([measured, { ...measured, name: 'leaves no slice', state: 'failed' }], true, place);
  writeProofs([{ ...measured, state: 'skipped' }], false, place);
  writeProofs([{ ...measured, name: 'what cannot be asked of the lab is refused' }], false, place);
  expect(labIsDue(place)).toBe(true);
  expect(nightlyProofs(place)).toEqual({});
});

test('by night each file is written down by itself, and keeps its proof until it is proved again', async () => {
  const [a, b] = ['test/e2e/a.test.ts', 'test/browser/b.test.ts'];
  for (const file of ['test/e2e', 'test/browser']) await mkdir(join(place, file), { recursive: true });
  for (const file of [a, b]) await writeFile(join(place, file), '');
  const end = (file: string, state: TestEnd['state'] = 'passed'): TestEnd => ({ file, name: 'x', state });
  writeProofs([end(a), end(a, 'skipped'), end(b), other, end('test/e2e/gone.test.ts')], true, place);
  expect(Object.keys(nightlyProofs(place))).toEqual([b, a]);
  expect(nightlyProofs(place)[a]).toMatchObject({ passed: 1, skipped: 1 });
  const before = nightlyProofs(place);
  // One fails, one runs nothing; by day nothing is written.
  writeProofs([end(a, 'failed'), end(a), end(b, 'skipped')], true, place);
  writeProofs([end(b), end(b)], false, place);
  expect(nightlyProofs(place)).toEqual(before);
  writeProofs([end(b), end(b)], true, place);
  expect(nightlyProofs(place)).toMatchObject({ [a]: { passed: 1 }, [b]: { passed: 2 } });
  expect(lastLabProof(place)).toBeNull();
});
