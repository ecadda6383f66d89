import * as z from 'zod';
import { messageRefsSchema } from '../../messages/schema.ts';

/** An error as data. A failure of a *runtime* is recorded here; it is never an exception across stages. */
export const errorRecordSchema = z.object({
  /** Short and stable, for programs: `start-failed`, `step-failed`, `parse-failed`, `crun-hybrid-cgroup` … */
  code: z.string(),
  /** One sentence for people. */
  message: z.string(),
  /** How to fix it; absent where no fix is known. */
  fix: z.string().optional(),
  /** The original text of the engine or the tool; absent where there is none. */
  detail: z.string().optional(),
  messages: messageRefsSchema.optional(),
});
export type ErrorRecord = Readonly<z.infer<typeof errorRecordSchema>>;
