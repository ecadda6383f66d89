import type { AppContext } from '../../../../app/context.ts';
import { languageOf } from '../../../../app/measure/configuration.ts';
import { refuseWithoutDocker } from '../../../../app/measure/engines.ts';
import { measureRun } from '../../../../app/measure/measure.ts';
import { resultsOf } from '../../../../app/measure/past-runs.ts';
import { openReadable } from '../../../../app/readable-run.ts';
import { notices } from '../../../../core/messages/define.ts';
import type { Lang } from '../../../../core/messages/message.ts';
import { exitCodes, OcibenchError } from '../../../../core/model/error.ts';
import type { RunRecord } from '../../../../core/model/run.ts';
import { leastBlocks, overheadOf } from '../../sandbox/overhead.ts';
import type { ComputedOverhead, Overhead, OverheadPart } from '../../sandbox/overhead-record.ts';
import {
  type MeasuredRun,
  type MissingWorkload,
  measuredRun,
  missingOf,
  overheadParts,
  workloadsOfParts,
} from '../../sandbox/parts.ts';
import { kataEstimate } from '../../sandbox/runtime-class.ts';
import type { OverheadRequest } from './overhead-flags.ts';
import {
  kataName,
  nativeOf,
  refuseApart,
  refuseMissing,
  refuseOtherRuntimes,
  usualBlocks,
  usualMaxTimeMs,
} from './overhead-refusals.ts';

const text = notices('overheadRun', {
  notMeasured: 'what is missing was not measured: the run ended before it could be',
});

/** A stored run, and the workloads it lacks. */
interface Source {
  readonly measured: MeasuredRun;
  readonly missing: readonly MissingWorkload[];
}

/**
 * Computes the overhead of each runtime from a stored run (the newest if `name` is undefined). With `--measure`, another run
 * adds the workloads that it lacks. OcibenchError (exit 2) with everything that is missing or unknown.
 */
export async function overheadOfRun(
  app: AppContext,
  name: string | undefined,
  request: OverheadRequest,
): Promise<{ readonly overhead: Overhead; readonly lang: Lang }> {
  const first = await firstSource(app, name, request);
  if (first !== null) {
    refuseOtherRuntimes(first.measured.run, request.runtimes ?? []);
    if (!request.measure) refuseMissing(first.measured.run, first.missing);
  }
  const missing = overheadParts.filter(
    (part) => first === null || first.missing.some((each) => each.part === part),
  );
  const added = missing.length === 0 ? null : await measureParts(app, first?.measured.run, missing, request);
  if (first !== null && added !== null) refuseApart(first.measured.run, added.run);
  const of = (part: OverheadPart): MeasuredRun => {
    const source = missing.includes(part) ? added : (first?.measured ?? added);
    if (source === null) throw new OcibenchError(text.notMeasured, { exitCode: exitCodes.someFailed });
    return source;
  };
  const parts = { size: of('size'), count: of('count'), start: of('start'), idle: of('idle') };
  const { confidence, runtimes = null } = request;
  const native = nativeOf(parts.size);
  const computed = computedFor(parts.size.run, request);
  const overhead = overheadOf({ parts, native, runtimes, confidence, computed });
  return { overhead, lang: request.lang === undefined ? app.reporter.lang : languageOf(request.lang) };
}

/** The named run, or the newest; null if there is none yet and everything may be measured. */
async function firstSource(
  app: AppContext,
  name: string | undefined,
  request: OverheadRequest,
): Promise<Source | null> {
  const isNone =
    name === undefined &&
    request.measure &&
    (await app.store.newestRun(resultsOf(app, request.out))) === null;
  return isNone ? null : sourceOf(app, name ?? 'latest', request);
}

async function sourceOf(app: AppContext, name: string, request: OverheadRequest): Promise<Source> {
  const { run, trials, workloads } = await openReadable(app, name, request);
  return {
    measured: measuredRun(run, trials, workloads),
    missing: overheadParts.flatMap((part) => missingOf(part, run)),
  };
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
  refuseWithoutDocker('overhead', request.engine ?? like?.engine.kind);
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
  return (await sourceOf(app, concluded.place.results, request)).measured;
}

/** The computed overhead of Kata; empty if it was measured, or if only other runtimes were requested. */
function computedFor({ runtimes }: RunRecord, request: OverheadRequest): readonly ComputedOverhead[] {
  const wasMeasured = runtimes.some(
    ({ family, preflight }) => family === kataName && preflight.status === 'available',
  );
  const isWanted = request.runtimes?.includes(kataName) ?? true;
  return wasMeasured || !isWanted ? [] : [kataEstimate(request.kataBytes)];
}
