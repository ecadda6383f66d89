import * as z from 'zod';
import { cellSchema } from './cell.ts';
import { duetSchema } from './duet.ts';
import { trialPhaseSchema } from './trial.ts';

/** One line of plan.jsonl: a block as decided, written before its first trial starts. */
export const plannedBlockSchema = z.object({
  block: z.number().int().nonnegative(),
  phase: trialPhaseSchema,
  trials: z.array(
    z.object({
      trialId: z.string(),
      position: z.number().int().nonnegative(),
      cell: cellSchema,
      /** Absent where the trial runs alone. */
      duet: duetSchema.optional(),
    }),
  ),
});
export type PlannedBlock = Readonly<z.infer<typeof plannedBlockSchema>>;
export type TrialSpec = Readonly<PlannedBlock['trials'][number]>;
