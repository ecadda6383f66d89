import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { scheduleBlock } from '../../../src/core/measure/schedule/block.ts';
import { seededRandom } from '../../../src/core/model/prng.ts';
import { loadRun, openRun } from '../../../src/core/store/run-directory.ts';
import { goldenRun } from '../analyze/golden-run.ts';

/**
 * A disk that keeps what was synced and nothing else: the content of a file as of its last fsync, and the names in a
 * directory as of the directory's.
 */
const disk = vi.hoisted(() => ({
  contents: new Map<number, Buffer>(),
  names: new Map<string, ReadonlyMap<string, number>>(),
  synced: (_path: string): void => undefined,
}));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const paths = new Map<number, string>();
  return {
    ...fs,
    openSync: (path: string, flags: string, mode: number) => {
      const fd = fs.openSync(path, flags, mode);
      paths.set(fd, path);
      return fd;
    },
    fsyncSync: (fd: number) => {
      fs.fsyncSync(fd);
      disk.synced(paths.get(fd) ?? '');
    },
  };
});

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  return {
    ...fs,
    open: async (path: string, flags: string, mode: number) => {
      const handle = await fs.open(path, flags, mode);
      const sync = handle.sync.bind(handle);
      handle.sync = async () => {
        await sync();
        disk.synced(path);
      };
      return handle;
    },
  };
});

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'power-'));
  disk.contents.clear();
  disk.names.clear();
  disk.synced = (path) => {
    const { ino } = statSync(path);
    if (!statSync(path).isDirectory()) disk.contents.set(ino, readFileSync(path));
    // A directory is synced through a descriptor: its own name is behind it.
    else
      disk.names.set(
        realpathSync(path),
        new Map(readdirSync(path).map((name) => [name, statSync(join(path, name)).ino])),
      );
  };
});
afterEach(() => rmSync(root, { recursive: true }));

/** The directory as the disk has it after the loss of power. `extra`: what of the bytes behind the last fsync reached it. */
function afterPowerLoss(path: string, to: string, extra: (unsynced: Buffer) => Buffer): void {
  mkdirSync(to);
  for (const [name, ino] of disk.names.get(path) ?? []) {
    const synced = disk.contents.get(ino) ?? Buffer.alloc(0);
    const now = readFileSync(join(path, name));
    writeFileSync(join(to, name), Buffer.concat([synced, extra(now.subarray(synced.length))]));
  }
}

const { run, trials } = goldenRun();
const [firstTrial] = trials;
if (firstTrial === undefined) throw new Error('the golden run has no trials');
const cells = [...new Map(trials.map(({ cell }) => [JSON.stringify(cell), cell])).values()];
const block = (number: number) => scheduleBlock({ seed: 1, block: number, phase: 'measure', cells });

test('whenever the power goes, every block and trial that was appended is there, and the run goes on behind it', async () => {
  const random = seededRandom('power');
  for (let round = 0; round < 60; round++) {
    const path = join(root, `results-${round}`, 'run');
    const writer = await openRun(path);
    expect(disk.names.get(join(root, `results-${round}`))?.has('run')).toBe(true);
    expect(disk.names.get(root)?.has(`results-${round}`)).toBe(true);
    await writer.saveRun({ ...run, status: 'running' });
    const count = Math.floor(random() * 12);
    for (let at = 0; at < count; at++) {
      if (at % 4 === 0) writer.appendBlock(block(at / 4));
      const trialId = trials[at]?.trialId ?? '';
      writer.appendReadings([{ trialId, atNs: at, costNs: 1, figures: {} }]);
      writer.appendTrial(trials[at] ?? firstTrial);
    }
    // One more append is under way: how much of it reached the disk is anybody's guess.
    const file = ['schedule.jsonl', 'readings.jsonl', 'trials.jsonl'][Math.floor(random() * 3)] ?? '';
    const line = Buffer.from(`${JSON.stringify(file === 'schedule.jsonl' ? block(99) : trials[count])}\n`);
    writeFileSync(join(path, file), line, { flag: 'a' });
    const lost = join(root, `lost-${round}`);
    afterPowerLoss(path, lost, (unsynced) => {
      const kept = unsynced.subarray(0, Math.floor(random() * unsynced.length));
      return random() < 0.3 ? Buffer.alloc(kept.length) : kept;
    });

    const found = await loadRun(lost);
    expect(found.trials).toEqual(trials.slice(0, count));
    expect(found.blocks).toEqual(Array.from({ length: Math.ceil(count / 4) }, (_, at) => block(at)));
    const again = await openRun(lost);
    again.appendTrial(trials[count] ?? firstTrial);
    again.close();
    writer.close();
    expect((await loadRun(lost)).trials).toEqual(trials.slice(0, count + 1));
    expect(readFileSync(join(lost, 'readings.jsonl'), 'utf8').split('\n')).toHaveLength(count + 1);
  }
});
