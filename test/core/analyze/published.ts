import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { analysisOf } from '../../../src/app/measure/conclude.ts';
import { openArtefact } from '../../../src/core/artefact/artefact.ts';
import { loadWorkloads } from '../../../src/core/config/workloads.ts';
import { loadRun } from '../../../src/core/store/run-directory.ts';

const published = resolve(import.meta.dirname, '../../../results/published');

export const archives = readdirSync(published).filter((name) => name.startsWith('ocibench-'));

/** The archive of the reference run. */
export const referenceArchive = 'ocibench-20261130-184705-3e2e.tar.zst';

/** The records of a published run, and what is computed of them now. */
export async function analysePublished(name: string) {
  for await (const each of openArtefact(join(published, name))) {
    if ('problem' in each) throw new Error(each.problem.text);
    const { run, trials } = await loadRun(each.directory);
    const workloads = await loadWorkloads();
    return { run, trials, workloads, ...analysisOf(run, trials, workloads) };
  }
  throw new Error(`${name} is empty`);
}
