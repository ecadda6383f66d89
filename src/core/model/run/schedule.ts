import * as z from 'zod';
import { more } from '../bounded-fields.ts';
import { bounds } from '../bounds.ts';
import { cellSchema } from '../trial/cell.ts';
import { trialPhaseSchema } from '../trial/trial.ts';
import { duetSchema } from './duet.ts';

/** One line of schedule.jsonl: a scheduled block, written before its first trial starts. */
export const scheduledBlockSchema = z.object({
  /** Its number; 0 is the warm-up. */
  block: z.number().int().nonnegative(),
  phase: trialPhaseSchema,
  /** Its trials, in their order. */
  trials: z
    .array(
      z.object({
        /** Unique within the run. */
        trialId: z.string(),
        /** Its place in the order, from 0. */
        position: z.number().int().nonnegative(),
        cell: cellSchema,
        /** Absent where the trial runs alone. */
        duet: duetSchema.optional(),
      }),
    )
    .max(2 * bounds.cells, more(2 * bounds.cells)),
});
export type ScheduledBlock = Readonly<z.infer<typeof scheduledBlockSchema>>;
export type TrialSpec = Readonly<ScheduledBlock['trials'][number]>;
