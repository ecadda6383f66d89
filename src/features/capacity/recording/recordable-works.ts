import { lstat } from 'node:fs/promises';
import { arch } from 'node:os';
import { join } from 'node:path';
import type { hostOf } from '../../../app/host-checks.ts';
import type { Session } from '../../../app/measure/engine-session.ts';
import { pinnedIn, withPins } from '../../../app/measure/pin-entries.ts';
import { recordedEntries } from '../../../app/measure/prepare.ts';
import type { RegisteredRuntimes } from '../../../app/measure/registered.ts';
import { entriesAgain } from '../../../app/measure/resume.ts';
import { entriesOf, type TriedRuntimes, tryRuntimes } from '../../../app/measure/try-runtimes.ts';
import { paramsOf } from '../../../core/analyze/effective-trial.ts';
import { loadRecipes } from '../../../core/config/workloads.ts';
import { whyNotOwn } from '../../../core/files/held-directory.ts';
import { recipeHash } from '../../../core/images/build.ts';
import { imagesOf, type WorkloadSubject } from '../../../core/measure/schedule/subjects.ts';
import { listed } from '../../../core/messages/compose.ts';
import { notices, type Reason, reasons } from '../../../core/messages/define.ts';
import { recalled } from '../../../core/messages/record.ts';
import { engineTraits } from '../../../core/model/engine-kind.ts';
import { exitCodes, misuse, OcibenchError, type Problem, problemOf } from '../../../core/model/error.ts';
import type { HostFacts } from '../../../core/model/host.ts';
import type { ImageFacts, RunRecord, RunSubject } from '../../../core/model/run.ts';
import { subjectName } from '../../../core/model/subject-name.ts';
import type { Workload } from '../../../core/model/workload.ts';
import { familyOf } from '../../../core/runtimes/registry.ts';
import { recordingsDirectory } from './recordings-on-disk.ts';
import { definitionNow, worksOf } from './run-recordings.ts';

const text = notices('recordRun', {
  notThat: 'the workloads of run {run} cannot be recorded',
  copy: 'record it as that user; or, if you trust it, record a copy:  cp -r {path} results/',
});

const why = reasons('recordRun', {
  notInRun: { message: 'the run did not measure it', fix: 'choose from: {names}' },
  noStamps: {
    message:
      'it does not mark the start and end of its work, which cannot be told from the start of the container',
    fix: 'choose from: {names}',
  },
  noneStamped: {
    message: 'none of its workloads marks the start and end of its work',
    fix: 'measure some that do, such as those of app:  @(run --workloads app --preset standard)',
  },
  otherHost: {
    message: 'was {was} and is now {now}',
    fix: 'restore the machine to what it was, or measure a new run',
  },
  elsewhere: {
    message: 'the engine of the run is on another host, whose kernel cannot be traced from here',
    fix: 'measure a run with an engine on this host',
  },
  otherKernel: {
    message: 'the baseline {runtime} has a kernel of its own, so the host does not see the workload’s calls',
    fix: 'measure a run whose baseline is runc or crun',
  },
  noBaseline: {
    message: 'the baseline {runtime} could not run in it',
    fix: 'measure a run in which the baseline can run',
  },
  definition: {
    message: 'the workload has changed since the run',
    fix: 'use the ocibench version and configuration that measured it, or measure a new run',
  },
  image: {
    message: 'was {was} and is now {now}',
    fix: 'measure a new run, because the recorded image would not be the measured one',
  },
  link: { message: 'it is a symbolic link', fix: 'remove it' },
});

/** A workload of the run that can be recorded. */
export interface RecordableWork {
  readonly subject: WorkloadSubject;
  readonly record: RunSubject;
}

/** OcibenchError (exit 2) if there are problems. */
export function refuseRun({ runId }: Pick<RunRecord, 'runId'>, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw misuse(text.notThat({ run: runId }), problems);
}

/** The workloads of a run that stamp their work and can run under its baseline. */
function recordable(run: RunRecord, workloads: readonly Workload[]): readonly RecordableWork[] {
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  return worksOf(run).flatMap((record) => {
    const workload = byId.get(record.workload);
    if (workload === undefined || Object.hasOwn(record.unsupported, run.config.baseline)) return [];
    const params = paramsOf(workload, record.params);
    const isStamped = workload.container(params).stamped === true && workload.group?.(params) === undefined;
    return isStamped ? [{ subject: { workload, params }, record }] : [];
  });
}

/** The wanted workloads, and the problems of the request. `wanted`: workloads or categories; null: all. */
export function chooseWorks(
  run: RunRecord,
  workloads: readonly Workload[],
  wanted: readonly string[] | null,
): { readonly works: readonly RecordableWork[]; readonly problems: readonly Problem[] } {
  const all = recordable(run, workloads);
  if (all.length === 0)
    return { works: [], problems: [problemOf({ file: `run ${run.runId}`, key: '' }, why.noneStamped)] };
  if (wanted === null) return { works: all, problems: [] };
  const names = listed([...new Set(all.map(({ record }) => record.workload))]);
  const isNamed = (name: string) => (record: RunSubject) =>
    record.workload === name || record.category === name;
  const problems = wanted
    .filter((name) => !all.some(({ record }) => isNamed(name)(record)))
    .map((name) => {
      const reason = run.subjects.some(isNamed(name)) ? why.noStamps({ names }) : why.notInRun({ names });
      return problemOf({ file: '--workloads', key: name }, reason);
    });
  return { works: all.filter(({ record }) => wanted.some((name) => isNamed(name)(record))), problems };
}

/** Problems if the host has changed since the run. */
export function hostProblems(run: RunRecord, now: HostFacts): readonly Problem[] {
  const { runId, host, engine, runtimes, config } = run;
  const problem = (key: string, reason: Reason) => problemOf({ file: `run ${runId}`, key }, reason);
  const native = runtimes.find(({ entry }) => entry.name === config.baseline);
  const runtime = config.baseline;
  return [
    ...(['kernel', 'arch'] as const)
      .filter((key) => host[key] !== now[key])
      .map((key) => problem(`host.${key}`, why.otherHost({ was: host[key], now: now[key] }))),
    ...(engine.local ? [] : [problem('engine.local', why.elsewhere)]),
    ...(native?.preflight.status === 'available'
      ? []
      : [problem('config.baseline', why.noBaseline({ runtime }))]),
    ...(native !== undefined && familyOf(native.family).kernel !== 'host'
      ? [problem('config.baseline', why.otherKernel({ runtime }))]
      : []),
  ];
}

/** Problems for workloads and recipes that have changed since the run. */
export async function definitionProblems(
  run: RunRecord,
  works: readonly RecordableWork[],
): Promise<readonly Problem[]> {
  const own = works.flatMap(({ subject: { workload } }) =>
    typeof workload.image === 'object' && 'packages' in workload.image ? [workload.image] : [],
  );
  const recipes = new Map([...(await loadRecipes()), ...own].map((recipe) => [recipe.id, recipe]));
  const file = `run ${run.runId}`;
  const changed = works
    .filter(({ record, subject }) => record.definition !== definitionNow(record, [subject.workload]))
    .map(({ record }) => problemOf({ file, key: subjectName(record) }, why.definition));
  const ids = new Set(works.map(({ record }) => record.image));
  const images = run.images
    .filter(({ recipe }) => ids.has(recipe))
    .flatMap(({ recipe, recipeHash: was }) => {
      const known = recipes.get(recipe);
      const now = known === undefined ? was : recipeHash(known, arch());
      return now === was
        ? []
        : [problemOf({ file, key: `images.${recipe}.recipeHash` }, why.image({ was, now }))];
    });
  return [...changed, ...images];
}

/** Problems for images of the engine that differ from those of the run. */
export function imageProblems(run: RunRecord, now: readonly ImageFacts[]): readonly Problem[] {
  return run.images.flatMap(({ recipe, contentHash: was }) => {
    const is = now.find((image) => image.recipe === recipe)?.contentHash ?? was;
    const key = `images.${recipe}.contentHash`;
    return is === was ? [] : [problemOf({ file: `run ${run.runId}`, key }, why.image({ was, now: is }))];
  });
}

/** Problems if another user could change the run's directory, which recordings are written to. */
export async function placeProblems(path: string): Promise<readonly Problem[]> {
  const recordings = join(path, recordingsDirectory);
  const isLink = (await lstat(recordings).catch(() => null))?.isSymbolicLink() ?? false;
  const hand = whyNotOwn(join(path, 'run.json')) ?? (isLink ? null : whyNotOwn(recordings));
  return [
    ...(isLink ? [problemOf({ file: recordings, key: '' }, why.link)] : []),
    ...(hand === null
      ? []
      : [problemOf({ file: path, key: '' }, { message: hand, fix: text.copy({ path }) })]),
  ];
}

const baselineText = notices('recordRun', {
  baselineFails: 'the baseline {runtime} does not start here: {reason}',
});

/** The run reduced to its baseline, and the runtimes that are registered now. */
interface Source {
  readonly run: RunRecord;
  readonly registered: RegisteredRuntimes;
}

/** OcibenchError (exit 2) if the registration of the baseline has changed. */
export async function sourceOf(run: RunRecord, found: RegisteredRuntimes): Promise<Source> {
  const { baseline } = run.config;
  const alone = {
    ...run,
    config: { ...run.config, runtimes: [baseline], engine: run.engine.kind },
    runtimes: run.runtimes.filter(({ entry }) => entry.name === baseline),
  };
  const registered = await withPins(found, pinnedIn(alone));
  if (!engineTraits(run.engine).takesRuntimes) return { run: alone, registered };
  const entries = await entriesAgain(alone, registered, { local: true });
  return { run: alone, registered: { ...registered, entries } };
}

/** Starts the baseline once, and provides the images. OcibenchError (exit 3) if it does not start. */
export async function tryBaseline(
  session: Session,
  { run, registered }: Source,
  {
    host,
    works,
    interrupt,
  }: {
    readonly host: Awaited<ReturnType<typeof hostOf>>;
    readonly works: readonly RecordableWork[];
    readonly interrupt: AbortSignal;
  },
): Promise<TriedRuntimes> {
  const { config } = run;
  const found = await entriesOf(session, registered, config);
  const tried = await tryRuntimes({
    session,
    registered,
    config,
    host,
    interrupt,
    entries: await recordedEntries(session, found, { recorded: run, registered }),
    images: works.flatMap(({ subject }) => imagesOf(subject)),
  });
  const preflight = tried.runtimes[0]?.preflight;
  if (preflight?.status === 'unavailable')
    throw new OcibenchError(
      baselineText.baselineFails({ runtime: config.baseline, reason: recalled(preflight, 'reason') }),
      { exitCode: exitCodes.noEngine },
    );
  return tried;
}
