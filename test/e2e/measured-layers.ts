import { mkdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Analysis } from '../../src/core/model/analysis/analysis.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { keepOwnState } from '../support/own-state.ts';
import { makeShared, sharedDirectory } from '../support/shared-directory.ts';
import { type SeenEngines, watchEngines } from './engine-apart.ts';
import { isWhole, trialsOf } from './engines-run.ts';
import { daemonJson, ocibench, readCsv } from './support.ts';

export const runtimes = ['runc', 'crun', 'runsc'];
export const layers = ['docker', 'containerd', 'oci'];
export const blocks = 2;

/** One run at several layers that the files of the layers look at, and do not change. */
export interface LayeredRun {
  readonly exitCode: number | undefined;
  readonly stderr: string;
  readonly run: RunRecord;
  readonly trials: readonly TrialRecord[];
  readonly analysis: Analysis;
  readonly summary: readonly Record<string, string>[];
  readonly measurements: readonly Record<string, string>[];
  readonly seen: SeenEngines;
}

async function measure(): Promise<LayeredRun> {
  keepOwnState();
  const place = join(sharedDirectory(), 'layers');
  await mkdir(place);
  await writeFile(join(place, 'daemon.json'), JSON.stringify(daemonJson));
  const command = ocibench(
    [
      'run',
      '--set',
      'report=false',
      '--engine',
      'embedded',
      '--set',
      'progress=false',
      '--out',
      place,
      '--set',
      `daemonJson=${join(place, 'daemon.json')}`,
      '--set',
      'seed=7',
      '--preset',
      'quick',
      '--layers',
      layers.join(','),
      '--runtimes',
      runtimes.join(','),
      '--workloads',
      'startup/echo,startup/exec,startup/pause,network/http',
      '--max-time',
      '20m',
      '--blocks',
      `${blocks}..${blocks}`,
    ],
    place,
  );
  const seen = await watchEngines(place, command);
  const { exitCode, stderr } = await command;
  const results = join(place, 'results', await readlink(join(place, 'results/latest')));
  const json = async (name: string) => JSON.parse(await readFile(join(results, name), 'utf8'));
  return {
    exitCode,
    stderr,
    seen,
    run: await json('run.json'),
    trials: (await trialsOf(results)).filter(isWhole),
    analysis: await json('analysis.json'),
    summary: await readCsv(join(results, 'summary.csv')),
    measurements: await readCsv(join(results, 'measurements.csv')),
  };
}

/** The run, measured by the first file that asks for it. */
export function layeredRun(): Promise<LayeredRun> {
  return makeShared('layers', measure);
}
