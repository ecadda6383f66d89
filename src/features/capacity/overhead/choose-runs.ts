import {
  changesFigures,
  differences,
  type ProvenanceDifference,
} from '../../../core/analyze/runs/provenance.ts';
import type { RunRecord } from '../../../core/model/run/run.ts';
import { leastBlocks } from './overhead.ts';

/** What a command takes from a run beside the overhead; another run than that of the overhead may have it. */
export interface RunNeed {
  readonly id: string;
  /** Did the run measure what it takes? */
  has(run: RunRecord): boolean;
  /** Rather from an older run that was not cut short than from a newer one of few blocks? */
  readonly prefersWhole?: true;
}

/**
 * Is this difference between two runs irrelevant? Parts from different runs are not compared with each other: each has its own
 * images, and other load changes neither private nor resident memory.
 */
function isHarmless(key: string): boolean {
  return key.startsWith('images.') || !changesFigures({ key });
}

/** Share of the memory that a boot may take more or less than another. */
const memorySlack = 0.01;

/**
 * Do two runs show other machines? Without an id on both sides the name has to tell them apart; and a copy of a machine has its
 * id, but often another size, hypervisor or setting.
 */
function otherMachine({ host: was }: RunRecord, { host: is }: RunRecord): readonly ProvenanceDifference[] {
  const hasIds = was.id !== undefined && is.id !== undefined;
  const keys = [hasIds ? 'id' : 'hostname', 'memoryBytes', 'hypervisor', 'thpShmem'] as const;
  return keys.flatMap((key) => {
    const [before, now] = [was[key], is[key]];
    const isSame =
      typeof before === 'number' && typeof now === 'number'
        ? Math.abs(now - before) <= memorySlack * before
        : before === now;
    const shown = (value: unknown) => String(value ?? 'none');
    return isSame ? [] : [{ key: `host.${key}`, was: shown(before), is: shown(now) }];
  });
}

/** The differences for which two runs cannot be put together: machine, programs, conditions, accounting. */
export function apartness(was: RunRecord, is: RunRecord): readonly ProvenanceDifference[] {
  return [...otherMachine(was, is), ...differences(was, is).filter(({ key }) => !isHarmless(key))];
}

const isAble = ({ runtimes }: RunRecord, name: string) =>
  runtimes.some(({ entry, preflight }) => entry.name === name && preflight.status === 'available');

/** Was the run to have the blocks of an interval? One of a block or two, as for a trial, replaces none that has them. */
function mayHaveIntervals({ config, extensions = [] }: RunRecord): boolean {
  return config.maxBlocks >= leastBlocks(0.95) || extensions.length > 0;
}

/** Was it also not cut short, so that every test may have its blocks? */
const isWhole = (run: RunRecord) => mayHaveIntervals(run) && run.stopReason !== 'max-time';

/**
 * The newest of these runs, which are the newest first, with enough blocks if any has them, and with the wanted runtimes as far as
 * any could run them; null if there is none.
 */
export function chooseRun(
  runs: readonly RunRecord[],
  wanted: readonly string[] | null = null,
): RunRecord | null {
  const known = (wanted ?? []).filter((name) => runs.some((run) => isAble(run, name)));
  const able = runs.filter((run) => known.every((name) => isAble(run, name)));
  const candidates = able.length > 0 ? able : runs;
  return candidates.find(mayHaveIntervals) ?? candidates[0] ?? null;
}

/** Where a command takes a need from. */
export type ChosenBeside =
  | { readonly run: RunRecord }
  /** The newest run that has it, and why it cannot be put beside the base. */
  | { readonly apart: RunRecord; readonly differences: readonly ProvenanceDifference[] }
  | null;

/** Takes a need from `base`, or else from the newest of the other runs that agrees with it; null if no run has it. */
export function chooseBeside(base: RunRecord, others: readonly RunRecord[], need: RunNeed): ChosenBeside {
  const having = [base, ...others].filter((run) => need.has(run));
  const agreeing = having.filter((run) => run === base || apartness(base, run).length === 0);
  const run = (need.prefersWhole === true ? agreeing.find(isWhole) : undefined) ?? agreeing[0];
  if (run !== undefined) return { run };
  const [apart] = having;
  return apart === undefined ? null : { apart, differences: apartness(apart, base) };
}
