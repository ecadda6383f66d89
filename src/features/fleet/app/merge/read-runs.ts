import { resolve } from 'node:path';
import { type ApartOptions, readApart } from '../../../../app/apart/apart.ts';
import type { AppContext } from '../../../../app/context.ts';
import { openConfiguration } from '../../../../app/measure/configuration.ts';
import { findArtefacts } from '../../../../core/artefact/artefact.ts';
import type { RunRequest } from '../../../../core/config/command-line.ts';
import { commonDefaults } from '../../../../core/config/resolve.ts';
import { notices } from '../../../../core/messages/define.ts';
import type { Lang } from '../../../../core/messages/message.ts';
import { outlyingRuns } from '../../merge/fleet.ts';
import type { FleetNote } from '../../merge/fleet-record.ts';
import type { FleetRun } from '../../merge/fleet-run.ts';
import { sampleOf, sampleSize } from '../../merge/made-again.ts';
import { toldOf, toldWords } from '../../merge/notes.ts';
import { fleetReader, type MergeJob } from './read-run.ts';

const text = notices('merge', { reading: 'read {n} runs' });

/** Number of runs between progress messages. */
const toldEvery = 100;

/** The readable runs, and notes on the others. */
interface ReadResult {
  readonly runs: readonly FleetRun[];
  readonly told: readonly FleetNote[];
}

/** Options for reading all runs of a fleet. */
export interface GatherOptions {
  readonly flags: Pick<RunRequest, 'config'>;
  readonly place: string;
  /** Recompute the figures of all runs, however many there are. Whose cannot be recomputed gets no vote. */
  readonly strict: boolean;
  /** Language of the answers of each run; null for none. */
  readonly answers: Lang | null;
  readonly apart: ApartOptions;
}

/**
 * Reads every named run, each in its own process with limits. Recomputes figures from the records: for a small fleet, all; for
 * a large one, those of a sample and of every outlying host, and all if any of these is contradicted.
 */
export async function readFleetRuns(
  app: AppContext,
  paths: readonly string[],
  { flags, place, apart, strict, answers }: GatherOptions,
): Promise<ReadResult> {
  // Reports errors of the configuration as the user's, before they look like a run's.
  await openConfiguration(app, flags, { here: false });
  const { environment } = app;
  const named = paths.map((path) => resolve(environment.workingDirectory, path));
  const found = await findArtefacts(named);
  const again = strict || found.length <= sampleSize;
  const runs = new Map<string, FleetRun>();
  const told = found.flatMap((each) => ('problem' in each ? [leftOut(each.origin, each.problem)] : []));
  const jobOf = new Map<string, MergeJob>();

  /** Reads jobs; returns how many runs were left out. */
  const read = async (jobs: readonly MergeJob[]): Promise<number> => {
    const before = told.length;
    let n = 0;
    const onRead = () => {
      n++;
      if (n % toldEvery === 0) app.reporter.log(text.reading({ n }));
    };
    const answered = await readApart<MergeJob, FleetRun | FleetNote>(app, jobs, { ...apart, onRead });
    for (const [at, job] of jobs.entries()) {
      for (const origin of job.only ?? []) runs.delete(origin);
      for (const each of answered[at]?.answers ?? [])
        if ('kind' in each) told.push(each);
        else {
          runs.set(each.origin, each);
          jobOf.set(each.origin, job);
        }
      const problem = answered[at]?.problem ?? null;
      if (problem !== null) told.push(leftOut(job.origin, problem));
    }
    return told.length - before;
  };

  await read(
    found.flatMap(({ origin, ...each }): MergeJob[] =>
      'problem' in each
        ? []
        : [{ reader: fleetReader, environment, place, flags, origin, again, strict, answers, only: null }],
    ),
  );
  if (again) return { runs: ordered([...runs.values()]), told };
  const checked = new Set<string>();
  const sample = sampleOf([...runs.values()]);
  for (let isSound = true; ; ) {
    const all = [...runs.values()];
    const wanted = isSound ? [...sample, ...outlyingRuns(all, commonDefaults.thresholds)] : all;
    const origins = wanted
      .map(({ origin }) => origin)
      .filter((origin) => runs.get(origin)?.from === 'analysis' && !checked.has(origin));
    if (origins.length === 0) return { runs: ordered(all), told };
    for (const origin of origins) checked.add(origin);
    const byJob = Map.groupBy(new Set(origins), (origin) => jobOf.get(origin));
    const jobs = [...byJob].flatMap(([job, only]) =>
      job === undefined ? [] : [{ ...job, again: true, only }],
    );
    if ((await read(jobs)) > 0) isSound = false;
  }
}

/** Sorts runs independently of the order of reading. */
function ordered(runs: readonly FleetRun[]): readonly FleetRun[] {
  return runs.toSorted((a, b) => (a.origin < b.origin ? -1 : 1));
}

function leftOut(origin: string, why: Parameters<typeof toldWords.unreadable>[0]['why']): FleetNote {
  return toldOf('left-out', toldWords.unreadable({ origin, why }), [origin]);
}
