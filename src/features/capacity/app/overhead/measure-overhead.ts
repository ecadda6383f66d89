import type { AppContext } from '../../../../app/context.ts';
import { languageOf } from '../../../../app/measure/configuration.ts';
import { type DaemonFlags, refuseWithoutDocker } from '../../../../app/measure/engines.ts';
import { measureRun } from '../../../../app/measure/measure.ts';
import { resultsOf } from '../../../../app/measure/past-runs.ts';
import { openReadable, type ReadableRun } from '../../../../app/readable-run.ts';
import { identifiedFacts, isThisMachine } from '../../../../core/host/facts.ts';
import { runtimeDigest } from '../../../../core/host/runtimes.ts';
import { notices } from '../../../../core/messages/define.ts';
import type { Lang } from '../../../../core/messages/message.ts';
import { mayBeDocker } from '../../../../core/model/engine-choice.ts';
import { exitCodes, OcibenchError } from '../../../../core/model/error.ts';
import type { RunRecord } from '../../../../core/model/run.ts';
import { onThisMachine } from '../../../../core/model/unreachable-engine.ts';
import { guestDefaultMemory } from '../../../../core/runtimes/guest/guest-memory.ts';
import { kataEstimate } from '../../overhead/guest-memory.ts';
import { leastBlocks, overheadOf } from '../../overhead/overhead.ts';
import type { ComputedOverhead, Overhead, OverheadPart } from '../../overhead/overhead-record.ts';
import { type MeasuredRun, measuredRun, overheadParts, workloadsOfParts } from '../../overhead/parts.ts';
import { type JoinedRuns, joinedRuns } from '../runs/joined-runs.ts';
import { overheadNeeds } from '../runs/needs.ts';
import { isFinished, storedRuns } from '../runs/stored-runs.ts';
import type { OverheadRequest } from './overhead-flags.ts';
import {
  kataName,
  nativeOf,
  refuseApart,
  refuseOtherRuntimes,
  refuseOutlived,
  refuseUnmet,
  usualBlocks,
  usualMaxTimeMs,
} from './overhead-refusals.ts';

const text = notices('overheadRun', {
  notMeasured: 'what is missing was not measured: the run ended too early',
});

/**
 * Computes the overhead of each runtime from the stored runs that together have what it is made of: of this host (`name`
 * undefined or `latest`), or of the named run and those that agree with it. With `--measure`, another run adds what they lack.
 * OcibenchError (exit 2) with everything that is missing or unknown.
 */
export async function overheadOfRun(
  app: AppContext,
  name: string | undefined,
  request: OverheadRequest,
): Promise<{ readonly overhead: Overhead; readonly lang: Lang }> {
  const stored = await storedParts(app, name, request);
  const missing = overheadParts.filter((part) => stored?.of.has(part) !== true);
  if (stored !== null) {
    const { run } = stored.base;
    refuseOtherRuntimes(run, request.runtimes ?? []);
    if (!request.measure) refuseUnmet(run, stored);
  }
  const like = stored?.base.run;
  if (like !== undefined && missing.length > 0) refuseOutlived(like, await presentRun(app, like, request));
  const added = missing.length === 0 ? null : await measureParts(app, like, missing, request);
  if (like !== undefined && added !== null) refuseApart(like, added.run);
  const opened = new Map<ReadableRun, MeasuredRun>();
  const measuredOf = (source: ReadableRun) => {
    const found = opened.get(source) ?? measuredRun(source.run, source.trials, source.workloads);
    opened.set(source, found);
    return found;
  };
  const of = (part: OverheadPart): MeasuredRun => {
    const source = stored?.of.get(part);
    if (source !== undefined) return measuredOf(source);
    if (added === null) throw new OcibenchError(text.notMeasured, { exitCode: exitCodes.someFailed });
    return added;
  };
  const parts = { size: of('size'), count: of('count'), start: of('start'), idle: of('idle') };
  const { confidence, runtimes = null } = request;
  const native = nativeOf(parts.size);
  const computed = computedFor(parts.size.run, request);
  const guestBytes = request.kataBytes;
  const overhead = overheadOf({ parts, native, runtimes, confidence, guestBytes, computed });
  return { overhead, lang: request.lang === undefined ? app.reporter.lang : languageOf(request.lang) };
}

/** The stored runs that have the parts; null if none has ended that another of this host can be put beside. */
async function storedParts(
  app: AppContext,
  name: string | undefined,
  request: OverheadRequest,
): Promise<JoinedRuns | null> {
  if (name === undefined && request.measure) {
    const stored = await storedRuns(app, resultsOf(app, request.in));
    const facts = await identifiedFacts();
    const here = await Promise.all(
      stored.map(({ run }) => run.host.id === undefined || isThisMachine(run.host, facts)),
    );
    if (!stored.some(({ run }, at) => isFinished(run) && here[at])) return null;
  }
  return joinedRuns(app, name, overheadNeeds, request);
}

/** Measures the workloads of these parts with the runtimes, baseline and engine of the run that lacks them. */
async function measureParts(
  app: AppContext,
  like: RunRecord | undefined,
  missing: readonly OverheadPart[],
  request: OverheadRequest,
): Promise<MeasuredRun> {
  const least = Math.max(usualBlocks.min, leastBlocks(request.confidence));
  const runtimes = request.runtimes ?? like?.config.runtimes ?? undefined;
  refuseWithoutDocker('capacity overhead', request.engine ?? like?.engine.kind);
  const { concluded, exitCode, advice } = await measureRun(app, {
    blocks: { min: least, max: Math.max(least, usualBlocks.max) },
    maxTime: usualMaxTimeMs,
    ...request,
    // The workloads are named, so the shortest preset is enough.
    preset: 'quick',
    workloads: workloadsOfParts(missing),
    ...(runtimes === undefined ? {} : { runtimes }),
    ...(like === undefined
      ? {}
      : { baseline: like.config.baseline, engine: request.engine ?? like.engine.kind }),
    report: false,
  });
  if (advice !== null) app.reporter.warn(advice);
  if (concluded === null || exitCode === exitCodes.interrupted)
    throw new OcibenchError(text.notMeasured, { exitCode });
  const { run, trials, workloads } = await openReadable(app, concluded.place.results, request);
  return measuredRun(run, trials, workloads);
}

/** The computed overhead of Kata; empty if it was measured, or if only other runtimes were requested. */
function computedFor({ runtimes }: RunRecord, request: OverheadRequest): readonly ComputedOverhead[] {
  const wasMeasured = runtimes.some(
    ({ family, preflight }) => family === kataName && preflight.status === 'available',
  );
  const isWanted = request.runtimes?.includes(kataName) ?? true;
  return wasMeasured || !isWanted ? [] : [kataEstimate(request.kataBytes ?? guestDefaultMemory)];
}

/**
 * The record that a run like this one would have by now, as far as it is known before anything is started: the machine, the
 * versions of ocibench and of a daemon that answers, and the programs of the runtimes. What is not known is as it was.
 */
export async function presentRun(
  { engines, environment }: Pick<AppContext, 'engines' | 'environment'>,
  like: RunRecord,
  { engine: choice = like.engine.kind, ...daemon }: DaemonFlags & { readonly engine?: string },
): Promise<RunRecord> {
  const connected = mayBeDocker(choice) ? await engines.connectIfThere(daemon) : null;
  try {
    const engine = connected?.engine ?? null;
    const facts = engine?.facts ?? like.engine;
    const isHere = onThisMachine(facts);
    const host = isHere ? await identifiedFacts() : await engine?.machine();
    const paths = new Map((await engine?.runtimes())?.map(({ name, path }) => [name, path]));
    const now = async (runtime: RunRecord['runtimes'][number]) => {
      if (!isHere || runtime.sha256 === null) return runtime;
      const path = paths.get(runtime.entry.name);
      const entry = path === undefined ? runtime.entry : { ...runtime.entry, path };
      return { ...runtime, sha256: await runtimeDigest(entry) };
    };
    return {
      ...like,
      harnessVersion: environment.version,
      host: host ?? like.host,
      engine: { ...facts, ...(like.engine.conditions && { conditions: like.engine.conditions }) },
      runtimes: await Promise.all(like.runtimes.map(now)),
    };
  } finally {
    await connected?.close();
  }
}
