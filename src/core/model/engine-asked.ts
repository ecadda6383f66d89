import * as z from 'zod';

/** One of a run's engines, as it was asked for; values that may be secret are placeholders. */
export const askedEngineSchema = z.object({
  /** Its name in cells, tables and reports. */
  name: z.string().min(1),
  /** Directories that come before PATH where it looks for dockerd, and for all that dockerd starts. */
  path: z.array(z.string()),
  /** Directories that come before PATH where containerd, its shim and the runtimes are looked for. */
  containerd: z.array(z.string()),
  /** Variables of its environment, beside PATH. */
  env: z.record(z.string(), z.string()),
  /** Keys of its daemon.json. */
  daemonJson: z.record(z.string(), z.unknown()),
  /** Where it does not start, its rows say why and the run goes on; absent: the run ends. */
  optional: z.literal(true).optional(),
});

/** One of a run's engines as it is started. */
export type AskedEngine = Readonly<z.infer<typeof askedEngineSchema>>;

/** PATH with directories before it. */
export function pathWith(directories: readonly string[], path = ''): string {
  return [...directories, ...path.split(':').filter((directory) => directory !== '')].join(':');
}
