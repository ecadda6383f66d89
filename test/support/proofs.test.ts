import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestEnd } from './allowed-skips.ts';
import { labIsDue, lastProof, writeProofs } from './proofs.ts';

let place: string;
const source = () => join(place, 'src/collect/deep/a.ts');

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'proofs-'));
  for (const name of ['.ci', 'src/collect/deep', 'src/report'])
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
  expect(lastProof('lab', place)).toMatchObject({ passed: 1, failed: 0, skipped: 0 });
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
  expect(lastProof('nightly', place)).toBeNull();
});

test('a night is written down as a whole', () => {
  writeProofs([other, { ...other, name: 'b', state: 'skipped' }], true, place);
  expect(lastProof('nightly', place)).toMatchObject({ passed: 1, skipped: 1 });
  expect(lastProof('lab', place)).toBeNull();
});
