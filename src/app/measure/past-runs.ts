import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { RunRequest } from '../../core/config/command-line.ts';
import { notices, reasons } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { recalled } from '../../core/messages/record.ts';
import { OcibenchError, refusal } from '../../core/model/failure/error.ts';
import type { RunRecord } from '../../core/model/run/run.ts';
import type { AppContext } from '../context.ts';

/** `20261124-154900-4f2a`: sorts by time, and is valid as a name of cgroups, containers and files. */
export function newRunId(now: Date): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(2).toString('hex')}`;
}

const text = notices('pastRuns', { none: 'there are not two runs to compare' });
const why = reasons('pastRuns', {
  tooFew: {
    message: 'no complete run here is older than the one to compare',
    fix: 'measure once more:  @(run)   (or name both runs)',
  },
  alone: {
    message: 'an archive has no run before it',
    fix: 'name both runs:  @(compare BEFORE AFTER)',
  },
});

/** True for a regular file, also at the end of a symbolic link: an archive where a run may be named. */
export const isFile = async (path: string) => (await stat(path).catch(() => null))?.isFile() ?? false;

/** A run of the results directory. */
export interface PastRun
  extends Pick<RunRecord, 'runId' | 'status' | 'startedAt' | 'finishedAt' | 'harnessVersion'> {
  readonly preset: string;
  readonly runtimes: readonly string[];
  readonly workloads: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** A run whose record cannot be read, and why. */
export interface UnreadableRun {
  readonly runId: string;
  readonly unreadable: Message;
}

/** Flags of a command that reads stored runs, as typed. */
export interface ReadFlags extends Pick<RunRequest, 'config' | 'lang'> {
  /** `--in`: the directory with their results/; absent: the working directory. */
  readonly in?: string | undefined;
}

/** The results directory of `--in` or `--out`. */
export function resultsOf(
  { environment }: Pick<AppContext, 'environment'>,
  place: string | undefined,
): string {
  return join(resolve(environment.workingDirectory, place ?? '.'), 'results');
}

/** The runs of a results directory, newest first. One that cannot be read is kept with the reason. */
export async function pastRuns(
  { store }: Pick<AppContext, 'store'>,
  results: string,
): Promise<readonly (PastRun | UnreadableRun)[]> {
  const ids = await store.runIds(results);
  return Promise.all(
    ids.map((runId) =>
      store.readRun(join(results, runId)).then(summaryOf, (error: unknown): UnreadableRun => {
        if (!(error instanceof OcibenchError)) throw error;
        return { runId, unreadable: recalled(error.problems[0] ?? error, 'message') };
      }),
    ),
  );
}

function summaryOf(run: RunRecord): PastRun {
  const { runId, status, startedAt, finishedAt, harnessVersion, config, runtimes, subjects } = run;
  return {
    runId,
    status,
    startedAt,
    finishedAt,
    harnessVersion,
    preset: config.preset,
    runtimes: runtimes.map(({ entry }) => entry.name),
    workloads: [...new Set(subjects.map(({ workload }) => workload))],
    labels: config.labels,
  };
}

/**
 * The two runs of `compare`: with two names, those; with one, that run and the complete run before it; without names, the two
 * newest complete runs. OcibenchError (exit 2) where there is no older run.
 */
export async function runPair(
  app: Pick<AppContext, 'environment' | 'store'>,
  [first, second]: readonly string[],
  flags: Pick<ReadFlags, 'in'>,
): Promise<{ readonly before: string; readonly after: string }> {
  if (first !== undefined && second !== undefined) return { before: first, after: second };
  const results = resultsOf(app, flags.in);
  if (first !== undefined && (await isFile(first))) throw refusal(text.none, first, why.alone);
  const complete = (await pastRuns(app, results)).flatMap((run) =>
    'status' in run && run.status === 'complete' ? [run.runId] : [],
  );
  const after =
    first === undefined
      ? complete[0]
      : (await app.store.readRun(await app.store.findRun(first, results))).runId;
  const before = complete.find((id) => after !== undefined && id < after);
  if (after !== undefined && before !== undefined) return { before, after: first ?? after };
  throw refusal(text.none, { file: results, key: first ?? '' }, why.tooFew);
}
