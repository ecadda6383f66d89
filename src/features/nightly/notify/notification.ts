import * as z from 'zod';
import { alarmLineSchema } from '../history/record.ts';

/** What `ocibench notify`, and `ocibench nightly` with a command to notify, hand to that command on its stdin, as JSON. */
export const notificationSchema = z.object({
  /** Increases when the meaning of a field changes. */
  schema: z.literal(1),
  kind: z.literal('alarms'),
  /** True: the alarm is made up, to try the command. */
  test: z.boolean(),
  /** 16 hex digits that identify the host. */
  host: z.string(),
  /** Name of the host. */
  hostname: z.string(),
  /** Directory of the history. */
  history: z.string(),
  /** What it comes to, in one line, in the language of the locale. */
  subject: z.string().min(1),
  /** The same in several lines, for people. */
  text: z.string().min(1),
  /** The lines of the history, oldest first. */
  alarms: z.array(alarmLineSchema).min(1),
});
export type Notification = Readonly<z.infer<typeof notificationSchema>>;
