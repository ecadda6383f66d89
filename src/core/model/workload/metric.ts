import * as z from 'zod';
import type { Message } from '../../messages/message.ts';
import type { Cell } from '../trial/cell.ts';
import type { TrialPhase } from '../trial/trial.ts';

/** Kind of cost that a workload measures. */
export const categorySchema = z.enum([
  'startup',
  'syscall',
  'io',
  'memory',
  'cpu',
  'network',
  'app',
  'sandbox',
  'agent',
  'restore',
  'density',
  'isolation',
]);
export type Category = z.infer<typeof categorySchema>;

/** Base units only; the report formats them. `ratio` has no unit: a share, or one quantity over another. */
export const unitSchema = z.enum(['ns', 'bytes', 'count', 'ops/s', 'bytes/s', 'ns/op', 'ratio']);
export type Unit = z.infer<typeof unitSchema>;

/** Whether lower or higher values are better. */
export const betterSchema = z.enum(['lower', 'higher', 'neither']);
export type Better = z.infer<typeof betterSchema>;

/** One quantity, documented. `id` may end in `.*` for a family of metrics named by a tool (system calls). */
export interface MetricDefinition {
  readonly id: string;
  readonly unit: Unit;
  readonly better: Better;
  /** Meaning and source (kernel file, tool field). */
  readonly description: string;
}

/**
 * Is a unit one of the quantity that a category is about? Memory is bytes that are held; starting is time; everything else is speed:
 * time for a piece of work, or work in a time. The middle of a second and a byte would mean nothing.
 */
export function isQuantityOf(unit: Unit, category: Category): boolean {
  if (category === 'memory' || category === 'density') return unit === 'bytes';
  if (category === 'startup') return unit === 'ns';
  return unit !== 'bytes' && unit !== 'count';
}

/** Can a test whose first metric is this one be in a category? One of which neither less nor more is better is no cost, and counts nowhere. */
export function holdsTestsOf(
  category: Category,
  metric: Pick<MetricDefinition, 'unit' | 'better'> | undefined,
): boolean {
  return metric === undefined || metric.better === 'neither' || isQuantityOf(metric.unit, category);
}

/** A value that a workload's parser found in the tool's output. */
export interface ParsedValue {
  readonly metric: string;
  readonly unit: Unit;
  readonly better: Better;
  readonly value: number;
}

/** A property of a cell that is not a quantity (`kernel.release` → `6.12.0`). A container printed it: untrusted. */
export interface Fact {
  readonly id: string;
  /** A string is external text that a container printed, quoted verbatim. */
  readonly value: Message | string;
}

/** Tidy form: one value of one trial. */
export interface Measurement {
  /** Id of the run, which names its directory. */
  readonly runId: string;
  /** Id of the trial: the one in trials.jsonl. */
  readonly trialId: string;
  /** Number of its block; 0 is the warm-up. */
  readonly block: number;
  /** Its place in the order of the block, from 0. */
  readonly position: number;
  /** `warmup` trials are never analysed. */
  readonly phase: TrialPhase;
  readonly cell: Cell;
  /** Kind of cost that the workload measures. */
  readonly category: Category;
  /** Id of the metric (`ocibench list metrics`); null on the row that keeps a failed trial countable. */
  readonly metric: string | null;
  /** Unit of `value`; null likewise. */
  readonly unit: Unit | null;
  /** Whether lower or higher values are better; null likewise. */
  readonly better: Better | null;
  /** The value, in `unit`; null likewise. */
  readonly value: number | null;
  /** Status of the trial; one that failed has no value of the main metric, and mostly none at all. */
  readonly outcome: string;
}
