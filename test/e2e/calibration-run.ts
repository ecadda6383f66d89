import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type CalibrationCheck, calibrationSchema } from '../../src/features/proof/calibrate/calibration.ts';
import { tracesOf } from './ours.ts';
import { nightly, ocibench, type workplace } from './support.ts';

/** By day one runtime whose containers have the host's kernel, and one that brings its own. */
export const calibratedRuntimes = nightly ? ['runc', 'crun', 'runsc', 'runsc-ptrace'] : ['runc', 'runsc'];

/** A calibration's checks by id and runtime, and what it printed. */
export interface CalibrationRun {
  readonly check: (id: string, runtime: string) => CalibrationCheck | undefined;
  readonly stdout: string;
  /** What it left on this host. */
  readonly left: readonly string[];
}

/** Calibrates the embedded engine with these checks. Kata, which is not installed, is asked for too. */
export async function calibrationOf(
  place: Awaited<ReturnType<typeof workplace>>,
  {
    checks,
    runtimes,
    blocks,
  }: Readonly<Record<'checks' | 'runtimes', readonly string[]>> & { blocks: string },
): Promise<CalibrationRun> {
  const results = join(place.path, 'results');
  const before = new Set(await readdir(results).catch(() => []));
  const { stdout, stderr } = await ocibench(
    [
      'doctor',
      'calibrate',
      '--engine',
      'embedded',
      '--set',
      `daemonJson=${place.daemonJson}`,
      '--out',
      place.path,
      '--checks',
      checks.join(','),
      '--runtimes',
      [...runtimes, 'kata'].join(','),
      '--blocks',
      blocks,
      // On a host that others load, all takes several times as long.
      '--max-time',
      '12m',
    ],
    place.path,
  );
  const [directory] = (await readdir(results).catch(() => [])).filter((name) => !before.has(name));
  if (directory === undefined) throw new Error(stderr);
  const found = calibrationSchema.parse(
    JSON.parse(await readFile(join(results, directory, 'calibration.json'), 'utf8')),
  );
  const runId = found.calibrationId.replace(/^calibration-/, '');
  return {
    check: (id, runtime) => found.checks.find((each) => each.id === id && each.runtime === runtime),
    stdout,
    left: await tracesOf(runId, 10_000),
  };
}

/** Kata is named with its reason, the table says how many passed, and nothing is left behind. */
export function expectWellEnded({ stdout, left }: CalibrationRun): void {
  expect(stdout).toMatch(/kata: .*Kata/);
  expect(stdout).toMatch(/\d+ passed, 0 failed/);
  expect(left).toEqual([]);
}

/**
 * The amount is found within the tolerance. On a host that others load, six to thirty pairs may leave an interval wider
 * than that, which the check itself calls inconclusive; a wrong instrument fails, or is beside the amount.
 */
export function expectFound(check: CalibrationCheck | undefined): void {
  const { verdict, injected, measured, tolerance } = check ?? {};
  expect(['pass', 'inconclusive'], JSON.stringify(check)).toContain(verdict);
  expect(Math.abs((measured ?? Number.NaN) - (injected ?? Number.NaN))).toBeLessThanOrEqual(tolerance ?? 0);
}
