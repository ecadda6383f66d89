import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunRecord } from '../../../../src/core/model/run/run.ts';
import { writeManifest } from '../../../../src/core/store/manifest.ts';
import type { ScriptedWorld } from '../../../support/scripted-world.ts';

/**
 * Hosts `in/host<n>` with one run each, whose figures follow from their records; `change`: what is particular about their records;
 * `placeOf`: where in `in/` they are.
 */
export async function hostsOf(
  world: ScriptedWorld,
  n: number,
  change: (run: RunRecord, at: number) => RunRecord = (run) => run,
  placeOf = ({ runId }: RunRecord, at: number) => join(`host${at}`, 'results', runId),
): Promise<readonly string[]> {
  await world.run(6);
  const { path, run } = await world.stored();
  const trials = await readFile(join(path, 'trials.jsonl'), 'utf8');
  const paths: string[] = [];
  for (let at = 0; at < n; at++) {
    const host = { ...run.host, id: `id-${at}`, hostname: `host${at}` };
    const changed = change({ ...run, host }, at);
    const own = join(world.path, 'in', placeOf(changed, at));
    await mkdir(dirname(own), { recursive: true });
    await cp(path, own, { recursive: true });
    await writeFile(join(own, 'run.json'), JSON.stringify(changed));
    // Neither the wall clock nor a whole iteration is a figure of these tests: other records, and the same figures.
    const clock = `"startedAt":"2026-01-01T00:00:${String(at).padStart(2, '0')}Z"`;
    const ownTrials = trials
      .replace(/"startedAt":"[^"]*"/, clock)
      .replace(/"iterationNs":(\d+)/g, (_, ns) => `"iterationNs":${Number(ns) + at}`);
    await writeFile(join(own, 'trials.jsonl'), ownTrials);
    await writeManifest(own);
    paths.push(own);
  }
  return paths;
}

/** Makes crun that many times as cheap in an analysis, and a manifest that fits. */
export async function forge(path: string, factor: number): Promise<void> {
  const file = join(path, 'analysis.json');
  const analysis = JSON.parse(await readFile(file, 'utf8'));
  const times = (each: Record<string, unknown>, keys: readonly string[]) => {
    if (each.runtime !== 'crun') return each;
    const changed = keys.map((key) => [key, typeof each[key] === 'number' ? each[key] * factor : each[key]]);
    return { ...each, ...Object.fromEntries(changed) };
  };
  const forged = {
    ...analysis,
    rows: analysis.rows.map((row: Record<string, unknown>) =>
      times(row, ['ratio', 'ratioCiLow', 'ratioCiHigh']),
    ),
    categories: analysis.categories.map((each: Record<string, unknown>) =>
      times(each, ['cost', 'low', 'high']),
    ),
  };
  await writeFile(file, JSON.stringify(forged));
  await writeManifest(path);
}
