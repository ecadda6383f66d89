import * as z from 'zod';
import { alarmLineSchema } from '../history/record.ts';

/** JSON that `ocibench nightly notify` and `ocibench nightly` write to the stdin of the user's command. */
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
  /** Summary in one line, in the language of the locale. */
  subject: z.string().min(1),
  /** The alarms in several lines, for people. */
  text: z.string().min(1),
  /** The lines of the history, oldest first. */
  alarms: z.array(alarmLineSchema).min(1),
});
export type Notification = Readonly<z.infer<typeof notificationSchema>>;
