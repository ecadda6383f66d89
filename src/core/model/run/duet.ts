import * as z from 'zod';

/** A trial that runs at the same time as another, on CPUs of its own. */
export const duetSchema = z.object({
  /** Id of the other trial. */
  partner: z.string(),
  /** The half of the CPUs that it uses; the halves are swapped every time the duet is measured. */
  side: z.union([z.literal(0), z.literal(1)]),
  /** Its CPUs, in the kernel's list format: `0-3,8`. */
  cpus: z.string().regex(/^\d+(-\d+)?(,\d+(-\d+)?)*$/, 'must be a list of CPUs such as 0-3,8'),
});
export type Duet = Readonly<z.infer<typeof duetSchema>>;
export type DuetSide = Duet['side'];
