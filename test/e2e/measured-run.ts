import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Analysis } from '../../src/core/model/analysis/analysis.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import type { SystemDaemon } from './system-daemon.ts';

/** What one run on a machine left. */
export async function measuredOn(
  machine: SystemDaemon,
  cwd: string,
  args: readonly string[],
  {
    exitCode = 0,
    env = {},
  }: { readonly exitCode?: number; readonly env?: Readonly<Record<string, string>> } = {},
) {
  const result = await machine.ocibench(['run', ...args], { cwd, env });
  expect(result.exitCode, result.stderr).toBe(exitCode);
  const { stdout: path } = await machine.run(['readlink', '-f', 'results/latest'], { cwd });
  const read = async (file: string) => readFile(join(path, file), 'utf8');
  return {
    result,
    path,
    run: JSON.parse(await read('run.json')) as RunRecord,
    analysis: JSON.parse(await read('analysis.json')) as Analysis,
    trials: (await read('trials.jsonl'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as TrialRecord),
  };
}
