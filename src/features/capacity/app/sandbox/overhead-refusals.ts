import { differences } from '../../../../core/analyze/provenance.ts';
import { listed } from '../../../../core/messages/compose.ts';
import { notices, reasons } from '../../../../core/messages/define.ts';
import { misuse, problemOf, refusal } from '../../../../core/model/error.ts';
import { nearest } from '../../../../core/model/nearest.ts';
import type { RunRecord } from '../../../../core/model/run.ts';
import { nativeRuntime } from '../../sandbox/overhead.ts';
import {
  leastSizes,
  type MeasuredRun,
  type MissingWorkload,
  overheadParts,
  workloadsOfParts,
} from '../../sandbox/parts.ts';

const text = notices('overheadRun', {
  lacks: 'run {run} did not measure all that the overhead is made of',
  apart: 'runs {was} and {is} cannot be put together',
  otherRuntimes: 'run {run} does not have every runtime that was asked for',
  noNative: 'run {run} does not say what a program uses by itself',
});
const why = reasons('overheadRun', {
  workload: { message: 'was not measured', fix: 'measure what is missing:  @(overhead {run} --measure)' },
  sizes: {
    message: 'was measured at {n} sizes; a line needs {least}',
    fix: 'measure what is missing:  @(overhead {run} --measure)',
  },
  difference: {
    message: 'is {is} and was {was} in {before}',
    fix: 'measure all in one run:  @(run --workloads {workloads} --blocks {blocks} --max-time {time})',
  },
  otherRuntime: { message: 'there is no such runtime in it', fix: 'choose from: {names}' },
  misspelt: { message: 'there is no such runtime in it', fix: "did you mean ''{guess}''? it has: {names}" },
  noHostKernel: {
    message: 'none of them has containers with the host’s kernel, as runc has, and could run',
    fix: 'measure with one:  @(run --workloads {workloads} --blocks {blocks} --max-time {time})',
  },
  native: {
    message: 'has no trial that succeeded',
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

/** OcibenchError (exit 2) that names every workload the run lacks, with the command that measures it. */
export function refuseMissing({ runId }: RunRecord, missing: readonly MissingWorkload[]): void {
  if (missing.length === 0) return;
  throw misuse(
    text.lacks({ run: runId }),
    missing.map(({ workload, sizes }) =>
      problemOf(
        { file: runId, key: workload },
        sizes === 0 ? why.workload({ run: runId }) : why.sizes({ n: sizes, least: leastSizes, run: runId }),
      ),
    ),
  );
}

/**
 * Is this difference between two runs irrelevant? Parts from different runs are not compared with each other: each has its own
 * images, and other load changes neither private nor resident memory.
 */
function isHarmless(key: string): boolean {
  return key.startsWith('images.') || key === 'engine.otherContainers';
}

/** OcibenchError (exit 2) if two runs differ in machine, programs or conditions. */
export function refuseApart(was: RunRecord, is: RunRecord): void {
  const found = differences(was, is).filter(({ key }) => !isHarmless(key));
  if (found.length === 0) return;
  throw misuse(
    text.apart({ was: was.runId, is: is.runId }),
    found.map((each) =>
      problemOf(
        { file: is.runId, key: each.key },
        why.difference({ is: each.is, was: each.was, before: was.runId, ...whole }),
      ),
    ),
  );
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
