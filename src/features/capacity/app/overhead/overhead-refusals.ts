import { listed } from '../../../../core/messages/compose.ts';
import { notices, reasons } from '../../../../core/messages/define.ts';
import { misuse, type Problem, problemOf, refusal } from '../../../../core/model/error.ts';
import { nearest } from '../../../../core/model/nearest.ts';
import type { RunRecord } from '../../../../core/model/run.ts';
import { apartness, type UnmetNeed } from '../../overhead/choose-runs.ts';
import { nativeRuntime } from '../../overhead/overhead.ts';
import {
  leastSizes,
  type MeasuredRun,
  missingOf,
  overheadParts,
  workloadsOfParts,
} from '../../overhead/parts.ts';
import type { JoinedRuns } from '../runs/joined-runs.ts';

const text = notices('overheadRun', {
  lacks: 'run {run} did not measure everything that the overhead needs',
  apart: 'runs {was} and {is} cannot be combined',
  outlived: 'the host has changed since run {run}, so new measurements cannot complete it',
  otherRuntimes: 'run {run} does not have every runtime that was named',
  noNative: 'run {run} did not measure what a program uses natively',
});
const why = reasons('overheadRun', {
  workload: {
    message: 'not measured',
    fix: 'measure what is missing:  @(capacity overhead {run} --measure)',
  },
  sizes: {
    message: 'was measured at {n} sizes; a line needs {least}',
    fix: 'measure what is missing:  @(capacity overhead {run} --measure)',
  },
  difference: {
    message: 'is {is} and was {was} in {before}',
    fix: 'measure everything in one run:  @(sudo capacity measure)',
  },
  byNow: {
    message: 'was {was} and is now {now}',
    fix: 'measure everything in one run:  @(sudo capacity measure)',
  },
  interrupted: {
    message: 'was not measured, because run {run} is not complete',
    fix: 'continue it:  @(run --resume {run})',
  },
  otherRuntime: { message: 'the run has no such runtime', fix: 'choose from: {names}' },
  misspelt: { message: 'the run has no such runtime', fix: "did you mean ''{guess}''? it has: {names}" },
  noHostKernel: {
    message: 'none of the runtimes that could run shares the host’s kernel, as runc does',
    fix: 'measure with such a runtime:  @(run --workloads {workloads} --blocks {blocks} --max-time {time})',
  },
  native: {
    message: 'has no successful trial',
    fix: 'measure again:  @(run --workloads {workloads} --blocks {blocks} --max-time {time})',
  },
});

/** Name of the runtime that is computed if it was not measured. */
export const kataName = 'kata';

/** Blocks of a run for the overhead: some more than an interval needs, so that a few may fail. */
export const usualBlocks = { min: 8, max: 12 } as const;

/** Time limit of those blocks. */
export const usualMaxTimeMs = 45 * 60_000;

/** Options of a run that measures all parts. */
const whole = {
  workloads: workloadsOfParts(overheadParts).join(','),
  blocks: `${usualBlocks.min}..${usualBlocks.max}`,
  time: `${usualMaxTimeMs / 60_000}m`,
};

/** Problems of what no run has, or only runs that cannot be put beside `run`. */
export function unmetProblems(
  run: RunRecord,
  { unmet, interrupted }: Pick<JoinedRuns, 'unmet' | 'interrupted'>,
): readonly Problem[] {
  const problems = unmet.flatMap(({ need, apart }) => {
    if (apart !== null) return apartProblems(run, apart);
    const part = overheadParts.find((each) => each === need);
    const missing = part === undefined ? [] : missingOf(part, run);
    return missing.map(({ workload, sizes }) => {
      const where = { file: run.runId, key: workload };
      if (interrupted !== null && part !== undefined && missingOf(part, interrupted).length === 0)
        return problemOf(where, why.interrupted({ run: interrupted.runId }));
      return problemOf(
        where,
        sizes === 0
          ? why.workload({ run: run.runId })
          : why.sizes({ n: sizes, least: leastSizes, run: run.runId }),
      );
    });
  });
  // Several parts may come from the same run.
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** OcibenchError (exit 2) that names every workload that the runs lack, with the command that measures it. */
export function refuseUnmet(run: RunRecord, joined: Pick<JoinedRuns, 'unmet' | 'interrupted'>): void {
  const problems = unmetProblems(run, joined);
  if (problems.length > 0) throw misuse(text.lacks({ run: run.runId }), problems);
}

/** What differs between a run and one that has what it lacks. */
function apartProblems(is: RunRecord, { run: was, differences }: NonNullable<UnmetNeed['apart']>) {
  return differences.map((each) =>
    problemOf(
      { file: is.runId, key: each.key },
      why.difference({ is: each.is, was: each.was, before: was.runId }),
    ),
  );
}

/** OcibenchError (exit 2) with all that is another by now: what would be measured could not be put beside the run. */
export function refuseOutlived(was: RunRecord, now: RunRecord): void {
  const problems = apartness(was, now).map((each) =>
    problemOf({ file: was.runId, key: each.key }, why.byNow({ was: each.was, now: each.is })),
  );
  if (problems.length > 0) throw misuse(text.outlived({ run: was.runId }), problems);
}

/** OcibenchError (exit 2) if two runs differ in machine, programs or conditions. */
export function refuseApart(was: RunRecord, is: RunRecord): void {
  const differences = apartness(was, is);
  if (differences.length === 0) return;
  throw misuse(text.apart({ was: was.runId, is: is.runId }), apartProblems(is, { run: was, differences }));
}

/** OcibenchError (exit 2) that names every runtime that the run lacks and that cannot be computed. */
export function refuseOtherRuntimes({ runId, runtimes }: RunRecord, wanted: readonly string[]): void {
  const known = runtimes.map(({ entry }) => entry.name);
  const unknown = wanted.filter((name) => name !== kataName && !known.includes(name));
  if (unknown.length === 0) return;
  const names = listed([...new Set([...known, kataName])]);
  throw misuse(
    text.otherRuntimes({ run: runId }),
    unknown.map((name) => {
      const guess = nearest(name, known);
      const reason = guess === null ? why.otherRuntime({ names }) : why.misspelt({ guess, names });
      return problemOf({ file: runId, key: `runtimes.${name}` }, reason);
    }),
  );
}

/** The native runtime, which shows a program's own use. OcibenchError (exit 2) if there is none. */
export function nativeOf({ run, trials }: MeasuredRun): string {
  const native = nativeRuntime(run);
  const message = text.noNative({ run: run.runId });
  if (native === null) throw refusal(message, { file: run.runId, key: 'runtimes' }, why.noHostKernel(whole));
  if (!trials.some(({ cell }) => cell.runtime === native))
    throw refusal(message, { file: run.runId, key: `runtimes.${native}` }, why.native(whole));
  return native;
}
