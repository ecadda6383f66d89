import {
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { holdDirectory } from '../../../src/core/files/held-directory.ts';
import { copyInto, pointLatest, writeAtomically } from '../../../src/core/store/files.ts';
import { openRun } from '../../../src/core/store/run-directory.ts';
import { goldenRun } from '../analyze/golden-run.ts';

const [user, group] = [65533, 65532];

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sudo-'));
  chownSync(home, user, group);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const bySudo = () => {
  vi.stubEnv('SUDO_UID', String(user));
  vi.stubEnv('SUDO_GID', String(group));
};
const at = (...names: readonly string[]) => join(home, ...names);
const owner = (...names: readonly string[]) => {
  const { uid, gid } = lstatSync(at(...names));
  return [uid, gid];
};

const runFiles = ['run.json', 'schedule.jsonl', 'trials.jsonl', 'readings.jsonl'];
const written = async () => {
  const path = at('results', 'run');
  const writer = await openRun(path);
  await writer.saveRun(goldenRun().run);
  writer.close();
  await writeAtomically(join(path, 'report.html'), 'report');
  await writeAtomically(at('charts', 'run', 'cost.svg'), 'chart');
  await pointLatest(at('results'), 'run');
  return [
    ['results'],
    ['results', 'latest'],
    ['charts'],
    ['charts', 'run'],
    ['charts', 'run', 'cost.svg'],
    ['results', 'run'],
    ...[...runFiles, 'report.html'].map((name) => ['results', 'run', name]),
  ];
};

// Only root can give files away.
describe.skipIf(process.getuid?.() !== 0)('what root writes in a directory of a user', () => {
  test('under sudo belongs to the user who typed it: directories, files and the link', async () => {
    bySudo();
    for (const names of await written()) expect(owner(...names), names.join('/')).toEqual([user, group]);
  });

  test.each([
    ['without sudo', undefined],
    ['under sudo in a directory of root', String(user)],
  ])('stays root’s %s', async (_, uid) => {
    vi.stubEnv('SUDO_UID', uid);
    vi.stubEnv('SUDO_GID', uid);
    chownSync(home, 0, 0);
    for (const names of await written()) expect(owner(...names)[0], names.join('/')).toBe(0);
  });

  test('under the sudo of another user is refused, and nothing is made', async () => {
    bySudo();
    vi.stubEnv('SUDO_UID', '65531');
    await expect(written()).rejects.toThrow('as root');
    expect(() => owner('results')).toThrow('ENOENT');
  });

  test('leaves directories and files that were there to their owner', async () => {
    bySudo();
    mkdirSync(at('results'));
    mkdirSync(at('theirs'));
    chownSync(at('theirs'), user, group);
    writeFileSync(at('theirs', 'lines'), 'old\n');
    await writeAtomically(at('results', 'new'), 'text');
    using held = holdDirectory(at('theirs'));
    held.openToAppend('lines');
    expect([owner('results'), owner('results', 'new'), owner('theirs', 'lines')]).toEqual(
      Array(3).fill([0, expect.any(Number)]),
    );
  });

  test('is given without following a link: its target keeps its owner', async () => {
    bySudo();
    writeFileSync(at('roots'), 'secret');
    symlinkSync(at('roots'), at('report.html'));
    chownSync(at('roots'), 0, 0);
    await writeAtomically(at('report.html'), 'report');
    mkdirSync(at('run'));
    await pointLatest(home, 'run');
    expect([owner('roots'), owner('run')]).toEqual([
      [0, 0],
      [0, expect.any(Number)],
    ]);
    expect([owner('report.html'), owner('latest')]).toEqual(Array(2).fill([user, group]));
    expect(readFileSync(at('roots'), 'utf8')).toBe('secret');
  });

  test('is given where it is copied, with the content of the copy', async () => {
    bySudo();
    writeFileSync(at('source'), 'text', { mode: 0o755 });
    using held = holdDirectory(at('copies'));
    await copyInto(held, 'copy', at('source'));
    expect([owner('copies', 'copy'), lstatSync(at('copies', 'copy')).mode & 0o777]).toEqual([
      [user, group],
      0o644,
    ]);
    expect(readFileSync(at('copies', 'copy'), 'utf8')).toBe('text');
    await expect(copyInto(held, 'other', at('missing'))).rejects.toThrow();
    expect(() => owner('copies', 'other')).toThrow('ENOENT');
  });
});
