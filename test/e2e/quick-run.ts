import { mkdir, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keepOwnState } from '../support/own-state.ts';
import { makeShared, sharedDirectory } from '../support/shared-directory.ts';
import { type SeenEngines, watchEngines } from './engine-apart.ts';
import { findInState } from './ours.ts';
import { daemonJson, ocibench } from './support.ts';
import { untilNone } from './until-none.ts';

/** Runtimes that can run here; gVisor's slower platform is measured in the lab. */
export const measuredRuntimes = ['runc', 'crun', 'runsc'];

/** One real measurement that several files look at: the quick preset, six blocks, every runtime that can run here. */
export interface QuickRun {
  /** Where results/, charts/ and daemon.json are. */
  readonly place: string;
  readonly results: string;
  readonly charts: string;
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly seen: SeenEngines;
  /** What was left in its state. */
  readonly left: readonly string[];
}

async function measure(place: string): Promise<QuickRun> {
  keepOwnState();
  await mkdir(place);
  const daemon = join(place, 'daemon.json');
  const runtimes = { ...daemonJson.runtimes, 'runsc-ptrace': undefined };
  await writeFile(daemon, JSON.stringify({ ...daemonJson, runtimes }));
  const command = ocibench(
    [
      'run',
      '--preset',
      'quick',
      '--blocks',
      '6..6',
      '--max-time',
      '25m',
      '--set',
      'seed=42',
      '--engine',
      'embedded',
      '--set',
      `daemonJson=${daemon}`,
      '--out',
      place,
    ],
    place,
  );
  const seen = await watchEngines(place, command);
  const { exitCode, stdout, stderr } = await command;
  const latest = (kind: string) => readlink(join(place, kind, 'latest'));
  return {
    place,
    results: join(place, 'results', await latest('results')),
    charts: join(place, 'charts', await latest('charts')),
    exitCode,
    stdout,
    stderr,
    seen,
    left: await untilNone(10_000, findInState),
  };
}

/** The measurement, made by the first file that asks for it. What a file changes in it, it must not need again: others look at it. */
export function quickRun(): Promise<QuickRun> {
  return makeShared('quick', () => measure(join(sharedDirectory(), 'quick')));
}
