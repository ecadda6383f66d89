import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Calibration, calibrationSchema } from '../../src/model/calibration.ts';
import { canRun, ocibench, traces, workplace } from './support.ts';

/** Checks whose truth is an amount, not a time, so that other work on this machine cannot move them. */
const amounts = ['touch-memory.peak', 'touch-memory.anon+shmem', 'touch-memory.footprint', 'forks'];
const runtimes = ['runc', 'crun', 'runsc', 'runsc-ptrace'];

describe.skipIf(!canRun)('calibration on the real embedded engine', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let calibration: Calibration;
  let before: readonly string[];

  beforeAll(async () => {
    place = await workplace();
    before = await traces();
    const checks = [...amounts, 'cpu-1s', 'write', 'sampler', 'injected-memory'];
    result = await ocibench(
      [
        'calibrate',
        ...['--engine', 'embedded', '--daemon-json', place.daemonJson, '--checks', checks.join(',')],
        ...['--blocks', '6..12', '--out', place.path],
      ],
      place.path,
    );
    const [directory] = await readdir(join(place.path, 'results'));
    const file = join(place.path, 'results', directory ?? '', 'calibration.json');
    calibration = calibrationSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  }, 600_000);
  afterAll(() => place.remove());

  const check = (id: string, runtime: string) =>
    calibration.checks.find((each) => each.id === id && each.runtime === runtime);

  test.each(runtimes)('%s: known amounts of memory and processes are found', (runtime) => {
    for (const id of amounts)
      expect(check(id, runtime), `${runtime} ${id}`).toMatchObject({ verdict: 'pass' });
  });

  test.each(['runc', 'crun'])('%s: a second of CPU is counted as one', (runtime) => {
    expect(check('cpu-1s', runtime)).toMatchObject({ verdict: 'pass' });
  });

  test.each(runtimes)('%s: the sampler does not change the time to output beyond its interval', (runtime) => {
    const { verdict, n, low, high } = check('sampler', runtime) ?? {};
    expect(n).toBeGreaterThanOrEqual(6);
    expect(verdict, `${low} to ${high}`).not.toBe('fail');
  });

  test('memory that a runtime holds outside the cgroup is found', () => {
    expect(check('injected-memory', 'injected-holder-64MiB')).toMatchObject({ verdict: 'pass' });
  });

  test('bytes written are counted, or absent with the reason; never counted wrongly', () => {
    for (const runtime of runtimes) {
      const { verdict, note } = check('write', runtime) ?? {};
      expect(['pass', 'absent'], `${runtime}: ${note}`).toContain(verdict);
      if (verdict === 'absent') expect(note).not.toBe('');
    }
  });

  test('Kata is named with its reason, the table says how many passed, and nothing is left behind', async () => {
    expect(result.stdout).toMatch(/kata: .*Kata/);
    expect(result.stdout).toMatch(/\d+ passed, 0 failed/);
    expect(await traces()).toEqual(before);
  });
});

test('a check that does not exist is refused with those that do', async () => {
  const place = await workplace();
  const { exitCode, stderr } = await ocibench(['calibrate', '--checks', 'cpu-1s,nonsense'], place.path);
  await place.remove();
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/--checks: nonsense: there is no such check\n {2}fix: choose from: cpu-10ms, /);
});
