import * as z from 'zod';
import type { Message } from '../messages/message.ts';
import type { Cell } from './cell.ts';
import type { TrialPhase } from './trial.ts';

export const categorySchema = z.enum([
  'startup',
  'syscall',
  'io',
  'memory',
  'cpu',
  'network',
  'app',
  'isolation',
]);
export type Category = z.infer<typeof categorySchema>;

/** Base units only; the report formats them. `ratio` has no unit: a share, or one quantity over another. */
export const unitSchema = z.enum(['ns', 'bytes', 'count', 'ops/s', 'bytes/s', 'ns/op', 'ratio']);
export type Unit = z.infer<typeof unitSchema>;

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
  /** A string is external text, quoted verbatim: what a container printed. */
  readonly value: Message | string;
}

/** Tidy form: one value of one trial. `metric` and `value` are null on the row that keeps a failed trial countable. */
export interface Measurement {
  readonly runId: string;
  readonly trialId: string;
  readonly block: number;
  readonly position: number;
  readonly phase: TrialPhase;
  readonly cell: Cell;
  readonly category: Category;
  readonly metric: string | null;
  readonly unit: Unit | null;
  readonly better: Better | null;
  readonly value: number | null;
  /** `ok`, or the status of the trial that has no values. */
  readonly outcome: string;
}
