import type { AppContext } from '../../../../app/context.ts';
import type { ReadFlags } from '../../../../app/measure/past-runs.ts';
import { wrongFlag } from '../../../../core/config/command-line.ts';
import { parseFraction, parseList, parseSize } from '../../../../core/config/quantities.ts';
import { messages, notices, reasons } from '../../../../core/messages/define.ts';
import { misuse, problemOf } from '../../../../core/model/failure/error.ts';
import { suggestName } from '../../../../core/model/nearest.ts';
import type { RunRecord } from '../../../../core/model/run/run.ts';
import { guestDefaultMemory } from '../../../../core/runtimes/guest/guest-memory.ts';
import { kataEstimate } from '../../overhead/guest-memory.ts';
import { computeOverhead } from '../../overhead/overhead.ts';
import type { ComputedOverhead, Overhead } from '../../overhead/overhead-record.ts';
import { findRuns } from '../runs/find-runs.ts';

const text = notices('overheadRun', {
  unusable: 'this overhead cannot be computed',
  otherRuntimes: 'run {run} does not have every runtime that was named',
});
const why = reasons('overheadRun', {
  otherRuntime: { message: 'the run has no such runtime' },
});
const must = messages('overheadFlags', { confidence: 'from 50% to below 100%', size: 'a size' });

/** Name of the runtime that is computed if it was not measured. */
const kataName = 'kata';

/** Flags of `ocibench capacity overhead`, as typed. */
export interface OverheadFlags extends ReadFlags {
  readonly runtimes?: string;
  readonly confidence?: string;
  /** Kata's `default_memory`. */
  readonly kataMemory?: string;
}

const usualConfidence = '95%';

/**
 * Computes the overhead of each runtime from a stored run: the named one, or the newest that has what it is made of.
 * OcibenchError (exit 2) with everything that is missing or unknown.
 */
export async function overheadOfRun(
  app: AppContext,
  name: string | undefined,
  flags: OverheadFlags,
): Promise<Overhead> {
  const { confidence, guestBytes, runtimes } = parseFlags(flags);
  const { runtimes: _, ...read } = flags;
  const { measured, native } = await findRuns(app, name, { ...read, ...(runtimes && { runtimes }) });
  refuseOtherRuntimes(measured.run, runtimes ?? []);
  const computed = computedFor(measured.run, runtimes, guestBytes);
  return computeOverhead({ measured, native, runtimes, confidence, guestBytes, computed });
}

/** OcibenchError (exit 2) with every invalid flag. */
function parseFlags({ confidence: typed = usualConfidence, kataMemory, runtimes }: OverheadFlags) {
  const fraction = parseFraction(typed);
  // Below 50 %, the interval would more likely miss the value.
  const confidence = fraction !== null && fraction >= 0.5 ? fraction : null;
  const guestBytes = kataMemory === undefined ? undefined : parseSize(kataMemory);
  if (confidence !== null && guestBytes !== null)
    return { confidence, guestBytes, runtimes: runtimes === undefined ? null : parseList(runtimes) };
  throw misuse(text.unusable, [
    ...(confidence === null
      ? [wrongFlag('--confidence', typed, { must: must.confidence, example: '95%' })]
      : []),
    ...(guestBytes === null
      ? [wrongFlag('--kata-memory', kataMemory ?? '', { must: must.size, example: '2048M' })]
      : []),
  ]);
}

/** The computed overhead of Kata; empty if it was measured, or if only other runtimes were requested. */
function computedFor(
  { runtimes }: RunRecord,
  wanted: readonly string[] | null,
  guestBytes: number | undefined,
): readonly ComputedOverhead[] {
  const wasMeasured = runtimes.some(
    ({ family, preflight }) => family === kataName && preflight.status === 'available',
  );
  const isWanted = wanted?.includes(kataName) ?? true;
  return wasMeasured || !isWanted ? [] : [kataEstimate(guestBytes ?? guestDefaultMemory)];
}

/** OcibenchError (exit 2) that names every runtime that the run lacks and that cannot be computed. */
function refuseOtherRuntimes({ runId, runtimes }: RunRecord, wanted: readonly string[]): void {
  const known = runtimes.map(({ entry }) => entry.name);
  const unknown = wanted.filter((name) => name !== kataName && !known.includes(name));
  if (unknown.length === 0) return;
  throw misuse(
    text.otherRuntimes({ run: runId }),
    unknown.map((name) =>
      problemOf(
        { file: runId, key: `runtimes.${name}` },
        why.otherRuntime({ fix: suggestName(name, [...new Set([...known, kataName])]) }),
      ),
    ),
  );
}
