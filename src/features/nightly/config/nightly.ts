import * as z from 'zod';
import { count, duration, name, percentage } from '../../../core/config/fields.ts';
import { parseShare, wholeBounds } from '../../../core/config/quantities.ts';
import { rule } from '../../../core/config/rule.ts';
import { messages } from '../../../core/messages/define.ts';
import { presetSchema } from '../../../core/model/run/run.ts';
import { exportFormats } from '../history/export-format.ts';

const words = messages('nightlyConfig', {
  command: 'must be a command line, or a list of words',
});

/** Settings of `ocibench nightly`. */
export const nightlySchema = z
  .strictObject({
    /** Registered runtimes that are pinned; absent: all pinned ones. */
    runtimes: z.array(name).min(1),
    /** Workload ids or categories; absent: those of the preset. */
    workloads: z.array(z.string().min(1)).min(1),
    /** Default: `standard`. */
    preset: presetSchema,
    /** The night ends after this time; absent: the preset's. */
    maxTime: duration,
    /** Time for measuring suspicious results again; default `'15m'`. */
    confirmTime: duration,
    /** Nights whose raw measurements are kept; default 30. Their lines in the history are kept for ever. */
    keepRuns: count(wholeBounds.nights),
    /** Largest share of the host's CPUs that other work may use on a quiet host; default `'10%'`. */
    loadLimit: percentage(parseShare),
    /** A command that gets alarms as JSON on its stdin: a line that is split into words as a shell does, or a list of words. */
    notify: z.union([z.string(), z.array(z.string()).min(1)], rule(words.command)),
    /** Formats of `nightly export` to write after every night. */
    exports: z.array(z.enum(exportFormats)).min(1),
    /** Directory of the exports; absent: `exports/` beside `results/`. */
    exportsTo: z.string().min(1),
  })
  .partial();

declare module '../../../core/config/define-config.ts' {
  interface FeatureConfig {
    readonly nightly?: z.input<typeof nightlySchema> | undefined;
  }
}

export default { nightly: nightlySchema };
