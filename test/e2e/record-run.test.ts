import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkManifest } from '../../src/core/store/manifest.ts';
import { type Recording, recordingSchema } from '../../src/features/capacity/recording/recording.ts';
import { tracesOf } from './ours.ts';
import { canRun, ocibench, workplace } from './support.ts';

type Place = Awaited<ReturnType<typeof workplace>>;
type Result = Awaited<ReturnType<typeof ocibench>>;

const countOf = ({ calls }: Recording, ...names: readonly string[]) =>
  calls.filter(({ name }) => names.includes(name)).reduce((sum, { count }) => sum + count, 0);
const figureOf = ({ figures }: Recording, id: string) => {
  const figure = figures[id];
  return figure !== undefined && 'value' in figure ? figure.value : Number.NaN;
};
/** Stamps, and the pauses between them, that are in the window with the work; a program's start and end. */
const own = 600;

describe.skipIf(!canRun)('workloads of a stored run', () => {
  let place: Place;
  let result: Result;
  let run = '';
  let recordings: readonly Recording[] = [];

  const recorded = (...words: readonly string[]) =>
    ocibench(
      ['capacity', 'record', '--run', run, '--set', `daemonJson=${place.daemonJson}`, ...words],
      place.path,
    );

  beforeAll(async () => {
    place = await workplace();
    const measured = await ocibench(
      [
        'run',
        '--blocks',
        '1..1',
        '--runtimes',
        'runc,crun',
        '--engine',
        'embedded',
        '--workloads',
        'app/tar,app/python-start,startup/echo',
        '--set',
        `daemonJson=${place.daemonJson}`,
      ],
      place.path,
    );
    expect(measured.exitCode, measured.stderr).toBe(0);
    run = await readlink(join(place.path, 'results/latest'));
    result = await recorded('--json', '--time-one-of', '1');
    expect(result.exitCode, result.stderr).toBe(0);
    recordings = JSON.parse(result.stdout).map((each: unknown) => recordingSchema.parse(each));
  }, 900_000);
  afterAll(() => place.remove());

  const ofWorkload = (id: string) => {
    const found = recordings.find(({ work }) => work?.workload === id);
    if (found?.work === undefined) throw new Error(`${id} was not recorded: ${result.stderr}`);
    return { recording: found, units: found.work.units ?? 0 };
  };

  test('every one that stamps its work is recorded under the baseline, and nothing else', () => {
    expect(recordings.map(({ work }) => work?.workload).toSorted()).toEqual(['app/python-start', 'app/tar']);
    for (const { target, work, tracer, endedBy, notes } of recordings) {
      expect(target).toMatchObject({ kind: 'workload', runtime: 'runc', exitCode: 0 });
      expect(work?.runtime).toBe('runc');
      expect(tracer.kind).toBe('bpftrace');
      expect(endedBy).toBe('exit');
      expect(notes).toEqual([]);
    }
  });

  test('tar: each file is opened and read, and all goes through a pipe into gzip', () => {
    const { recording, units } = ofWorkload('app/tar');
    expect(units).toBeGreaterThan(500);
    const opened = countOf(recording, 'open', 'openat', 'openat2');
    expect(opened).toBeGreaterThanOrEqual(units);
    // Its owner and its group are looked for in files that the image does not have.
    expect(opened).toBeLessThan(units * 4 + own);
    const closed = countOf(recording, 'close');
    expect(closed).toBeGreaterThanOrEqual(units);
    expect(closed).toBeLessThan(units * 1.2 + own);
    // tar writes records of 10 KiB, whatever gzip reads at once.
    const bytes = recording.calls.find(({ name }) => name === 'write')?.bytes ?? 0;
    const archive = units * 512;
    expect(bytes).toBeGreaterThan(archive);
    const written = countOf(recording, 'write');
    expect(written * 10_240).toBeLessThan(bytes * 1.1 + own * 10_240);
    // The shell starts both; what it did before the work is not in the window.
    expect(figureOf(recording, 'tasks.execs')).toBe(2);
    expect(figureOf(recording, 'tasks.processes')).toBe(2);
    expect(figureOf(recording, 'cpu.usage')).toBeGreaterThan(0);
  });

  test('python-start: each unit is a process that executes a program', () => {
    const { recording, units } = ofWorkload('app/python-start');
    expect(units).toBeGreaterThan(1);
    expect(figureOf(recording, 'tasks.execs')).toBe(units);
    expect(countOf(recording, 'execve')).toBeGreaterThanOrEqual(units);
    const faults = figureOf(recording, 'faults.all');
    expect(faults).toBeGreaterThan(units * 100);
    expect(faults).toBeLessThan(units * 2000);
  });

  test('the reports have them at once', async () => {
    const verified = await ocibench(['verify', run], place.path);
    expect(verified.exitCode, verified.stdout).toBe(0);
  });

  test('they are in files of the run, which other commands leave alone', async () => {
    const directory = join(place.path, 'results', run, 'recordings');
    const names = (await readdir(directory)).toSorted();
    expect(names).toHaveLength(recordings.length);
    for (const name of names) {
      const stored = recordingSchema.parse(JSON.parse(await readFile(join(directory, name), 'utf8')));
      expect(recordings).toContainEqual(stored);
    }
    for (const words of [['report', run], ['verify', run], ['clean'], ['list', 'runs']]) {
      const { exitCode, stderr } = await ocibench(words, place.path);
      expect(exitCode, `${words.join(' ')}: ${stderr}`).toBe(0);
    }
    expect((await readdir(directory)).toSorted()).toEqual(names);
  });

  test('one of them again, as a table; a recording replaces the one before it', async () => {
    const again = await recorded('--workloads', 'app');
    expect(again.exitCode, again.stderr).toBe(0);
    expect(again.stdout).toContain('app/tar?op=gzip');
    expect(again.stdout).toContain('the reports of the run have them, too');
    expect((await ocibench(['verify', run], place.path)).exitCode).toBe(0);
    expect(await readdir(join(place.path, 'results', run, 'recordings'))).toHaveLength(2);
    expect((await checkManifest(join(place.path, 'results', run))).state).toBe('whole');
  });

  test('nothing is left on this host', async () => {
    const sessions = new Set(recordings.map(({ recordingId }) => recordingId.replace('recording-', '')));
    expect(sessions.size).toBe(1);
    for (const session of sessions) expect(await tracesOf(session, 10_000)).toEqual([]);
  });
});
