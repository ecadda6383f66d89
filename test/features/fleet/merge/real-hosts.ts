import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRecord } from '../../../../src/core/model/run/run.ts';
import { writeManifest } from '../../../../src/core/store/manifest.ts';
import type { ScriptedWorld } from '../../../support/scripted-world.ts';

/** Hosts `in/host<n>` with one run each, whose figures follow from their records; `change`: what is particular about their records. */
export async function hostsOf(
  world: ScriptedWorld,
  n: number,
  change: (run: RunRecord, at: number) => RunRecord = (run) => run,
): Promise<readonly string[]> {
  await world.run(6);
  const { path, run } = await world.stored();
  const trials = await readFile(join(path, 'trials.jsonl'), 'utf8');
  const paths: string[] = [];
  for (let at = 0; at < n; at++) {
    const own = join(world.path, 'in', `host${at}`, 'results', run.runId);
    await mkdir(join(world.path, 'in', `host${at}`, 'results'), { recursive: true });
    await cp(path, own, { recursive: true });
    const host = { ...run.host, id: `id-${at}`, hostname: `host${at}` };
    await writeFile(join(own, 'run.json'), JSON.stringify(change({ ...run, host }, at)));
    // The wall clock is for people only: other records, and the same figures.
    await writeFile(
      join(own, 'trials.jsonl'),
      trials.replace(/"startedAt":"[^"]*"/, `"startedAt":"2026-01-01T00:00:${String(at).padStart(2, '0')}Z"`),
    );
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
