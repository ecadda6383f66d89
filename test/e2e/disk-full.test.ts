import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { loadRun } from '../../src/core/store/run-directory.ts';
import { canRun, nightly, ocibench, wholeLines, workplace } from './support.ts';

const limit = 600_000;
const small = [
  '--engine',
  'embedded',
  '--workloads',
  'startup/echo',
  '--runtimes',
  'runc',
  '--set',
  'seed=3',
  '--max-time',
  '9m',
];

interface SmallDisk extends AsyncDisposable {
  resize(kib: number): Promise<unknown>;
}

async function mounted(
  path: string,
  args: readonly string[],
  resize: SmallDisk['resize'],
): Promise<SmallDisk> {
  await mkdir(path, { recursive: true });
  await execa('mount', [...args, path]);
  return {
    resize,
    [Symbol.asyncDispose]: async () => {
      await execa('umount', ['--lazy', path]);
    },
  };
}

/** A file system in memory of so many KiB: what does not fit is ENOSPC. */
function smallDisk(path: string, kib: number): Promise<SmallDisk> {
  return mounted(path, ['-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs'], (more) =>
    execa('mount', ['-o', `remount,size=${more}k`, path]),
  );
}

/** A large file system in which so many KiB may be used, by root too: what exceeds them is EDQUOT. */
async function quotaDisk(path: string, kib: number): Promise<SmallDisk> {
  const image = `${path}.btrfs`;
  await execa('truncate', ['--size', '1G', image]);
  await execa('mkfs.btrfs', ['--quiet', image]);
  const disk = await mounted(path, ['-o', 'loop', image], (most) =>
    execa('btrfs', ['qgroup', 'limit', `${most}K`, path]),
  );
  await execa('btrfs', ['quota', 'enable', path]);
  await disk.resize(kib);
  return disk;
}

const hasBtrfs = (await readFile('/proc/filesystems', 'utf8')).includes('\tbtrfs\n');

/** How space can run out, and what is told. */
interface Shortage {
  readonly name: string;
  readonly makeDisk: typeof smallDisk;
  readonly told: string;
  /** Which of the files that grow is told of; under a quota, which is counted in blocks, it may be a small one. */
  readonly file: string;
  /** Can what was written of a line be taken back? Under a quota of btrfs ftruncate(2) fails too: it copies before it writes. */
  readonly canTakeBack: boolean;
  readonly toldOfEngine: string;
  /** As the engine says it itself. */
  readonly engineSays: string;
  /** In so much a run ends, and has no room for its reports. */
  readonly reportsKib: number;
}

const shortages: readonly Shortage[] = [
  {
    name: 'a disk that is full',
    makeDisk: smallDisk,
    told: 'no space is left on its device (ENOSPC)',
    file: 'trials.jsonl',
    canTakeBack: true,
    toldOfEngine: 'no space is left in',
    engineSays: 'no space left on device',
    reportsKib: 300,
  },
  {
    name: 'a quota that is used up',
    makeDisk: quotaDisk,
    told: 'the disk quota is used up (EDQUOT)',
    file: '.jsonl',
    canTakeBack: false,
    toldOfEngine: 'the disk quota is used up in',
    engineSays: 'disk quota exceeded',
    reportsKib: 600,
  },
].filter(({ makeDisk }) => hasBtrfs || makeDisk !== quotaDisk);

/** Who keeps the images that a start needs. By day one beside Docker, since all of them write to the same disk. */
const keepers = nightly ? ['docker', 'containerd', 'podman', 'oci'] : ['docker', 'containerd'];

/** Enough that no run ends by itself before its disk is full. */
const blocks = 6;

/** Takes what is left of a disk, once a run has recorded so many trials in `out`; the run stands still meanwhile. */
async function fillUnder(
  running: ReturnType<typeof ocibench>,
  out: string,
  { trials, disk }: { readonly trials: number; readonly disk: string },
): Promise<void> {
  for (const deadline = performance.now() + 240_000; performance.now() < deadline; await sleep(20)) {
    const [id = ''] = await readdir(join(out, 'results')).catch(() => []);
    if ((await wholeLines(join(out, 'results', id, 'trials.jsonl'))).length >= trials) break;
  }
  running.kill('SIGSTOP');
  await execa('dd', ['if=/dev/zero', `of=${join(disk, 'full')}`, 'bs=1M', 'conv=fsync'], { reject: false });
  // What is left of the last block.
  await execa('sh', ['-c', 'while echo; do :; done >>"$0"', join(disk, 'full')], { reject: false });
  running.kill('SIGCONT');
}

/** A workplace with such a disk in it. */
async function workplaceWith(makeDisk: Shortage['makeDisk'], kib: number, name: string) {
  const place = await workplace();
  const path = join(place.path, name);
  const disk = await makeDisk(path, kib);
  return {
    out: place.path,
    path,
    run: ['run', ...small, '--set', `daemonJson=${place.daemonJson}`],
    /** `ocibench`, whose runs wait for no other; `state`: on this disk. */
    start: (words: readonly string[], on?: 'state') =>
      ocibench(words, place.path, {
        OCIBENCH_LOCK: join(place.path, 'lock'),
        ...(on === undefined ? {} : { OCIBENCH_STATE: path }),
      }),
    resize: disk.resize,
    [Symbol.asyncDispose]: async () => {
      await disk[Symbol.asyncDispose]();
      await place.remove();
    },
  };
}

describe.skipIf(!canRun).each(shortages)(
  '$name',
  { concurrent: true, timeout: limit },
  ({ makeDisk, told, file, canTakeBack, engineSays }) => {
    test('under the results: the run ends with file and remedy, what was recorded is whole, and it goes on', async () => {
      await using place = await workplaceWith(makeDisk, 2 * 1024, 'out');
      const out = place.path;
      const run = [...place.run, '--out', out, '--blocks', `${blocks}..${blocks}`];
      const running = place.start(run);
      await fillUnder(running, out, { trials: 4, disk: out });
      const result = await running;
      expect(result.exitCode, result.stderr).toBe(1);
      expect(result.stderr).toContain(`${file}: ${told}\n  fix: free some`);
      expect(result.stderr).not.toMatch(/bug in ocibench|\n\s+at /);
      const [id = ''] = await readdir(join(out, 'results'));
      expect(result.stderr).toContain(`ocibench run --resume ${id}`);
      const stored = await loadRun(join(out, 'results', id));
      const [, named = ''] = /([^/\s]+\.jsonl): /.exec(result.stderr) ?? [];
      expect(canTakeBack ? [[]] : [[], [named]]).toContainEqual(stored.torn);
      expect(stored.trials.length).toBeGreaterThan(3);
      expect(stored.trials.map(({ outcome }) => outcome.status)).toEqual(stored.trials.map(() => 'ok'));
      await rm(join(out, 'full'));
      const resumed = await place.start(['run', '--set', 'report=false', '--resume', id, '--out', out]);
      expect(resumed.exitCode, resumed.stderr).toBe(0);
      const whole = await loadRun(join(out, 'results', id));
      expect(whole.trials).toHaveLength(1 + 2 * blocks);
      expect(whole.torn).toEqual([]);
      expect(whole.trials.slice(0, stored.trials.length)).toEqual(stored.trials);
    });

    test.each(keepers)(
      'under the engine: its image is not imported for the layer of %s, with the reason and a remedy',
      async (layer) => {
        await using place = await workplaceWith(makeDisk, 2 * 1024, 'scratch');
        const words = [...place.run, '--out', place.out, '--layers', layer];
        const result = await place.start(words, 'state');
        expect([1, 3], result.stderr).toContain(result.exitCode);
        // tar and the engines begin the same words with letters of their own.
        expect(result.stderr.toLowerCase()).toContain(engineSays);
        expect(result.stderr.split('\n').length, result.stderr).toBeLessThan(30);
        expect(result.stderr).toContain('OCIBENCH_STATE');
        expect(result.stderr).not.toMatch(/bug in ocibench|\n\s+at /);
        // The state directory itself stays; no run is left in it.
        expect(await readdir(place.path)).toEqual(['ocibench-state']);
        const state = join(place.path, 'ocibench-state');
        expect((await readdir(state, { recursive: true })).toSorted()).toEqual(['host-id', 'runs', 'trash']);
      },
    );
  },
);

/** What a shortage does then does not depend on its kind: the quota has its turn at night. */
const most = nightly ? shortages : shortages.slice(0, 1);

describe.skipIf(!canRun).each(most)(
  '$name',
  { concurrent: true, timeout: limit },
  ({ makeDisk, told, toldOfEngine, reportsKib }) => {
    test('under the reports: none is half written, the measurements are there, and `report` makes up for it', async () => {
      await using place = await workplaceWith(makeDisk, reportsKib, 'out');
      const out = place.path;
      const result = await place.start([...place.run, '--out', out, '--blocks', '1..1']);
      expect(result.exitCode).toBe(1);
      expect(result.stderr).toContain(told);
      expect(result.stderr).not.toMatch(/bug in ocibench|\n\s+at /);
      const [id = ''] = await readdir(join(out, 'results'));
      expect(result.stderr).toContain(`ocibench report ${id}`);
      const names = await readdir(out, { recursive: true });
      expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([]);
      expect((await loadRun(join(out, 'results', id))).run.status).toBe('complete');
      await place.resize(64 * 1024);
      const report = await place.start(['report', id, '--in', out]);
      expect(report.exitCode, report.stderr).toBe(0);
      expect(await readFile(join(out, 'results', id, 'report.html'), 'utf8')).toMatch(/<\/html>\s*$/);
      expect(await readFile(join(out, 'results/latest/report.html'), 'utf8')).toMatch(/<\/html>\s*$/);
      expect(await readdir(join(out, 'charts/latest'))).not.toEqual([]);
    });

    test.each(keepers)(
      'under the engine in mid-run, at the layer of %s: no failure of a runtime, the state is saved, and it goes on',
      async (layer) => {
        await using place = await workplaceWith(makeDisk, 160 * 1024, 'scratch');
        const { out, path: scratch } = place;
        const words = [...place.run, '--out', out, '--blocks', `${blocks}..${blocks}`, '--layers', layer];
        const running = place.start(words, 'state');
        await fillUnder(running, out, { trials: 3, disk: scratch });
        const result = await running;
        expect(result.exitCode, result.stderr).toBe(3);
        expect(result.stderr).toContain(toldOfEngine);
        expect(result.stderr).not.toMatch(/bug in ocibench|\n\s+at /);
        const [id = ''] = (await readdir(join(out, 'results'))).filter((name) => name !== 'latest');
        const { trials } = await loadRun(join(out, 'results', id));
        expect(new Set(trials.map(({ outcome }) => outcome.status))).toEqual(new Set(['ok', 'interrupted']));
        await rm(join(scratch, 'full'));
        const state = join(scratch, 'ocibench-state');
        expect((await readdir(state, { recursive: true })).toSorted()).toEqual(['host-id', 'runs', 'trash']);
        const resumed = await place.start(
          ['run', '--set', 'report=false', '--resume', id, '--out', out],
          'state',
        );
        expect(resumed.exitCode, resumed.stderr).toBe(0);
      },
    );
  },
);
