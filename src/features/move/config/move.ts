import * as z from 'zod';
import { blockCount, duration } from '../../../core/config/fields.ts';
import { parseSize } from '../../../core/config/quantities.ts';
import { written } from '../../../core/config/rule.ts';
import { messages } from '../../../core/messages/define.ts';

const words = messages('moveConfig', {
  size: "must be a size such as ''20G''",
});

/** Settings of `ocibench move`. */
export const moveSchema = z
  .strictObject({
    /** How long a service may take to become healthy; default `'60s'`. */
    healthyWithin: duration,
    /** How long a service has to stay up to count as running; default `'3s'`. */
    upFor: duration,
    /** Blocks in which costs are measured, six or more; default 12, and 6 without a load. */
    blocks: blockCount,
    /** How long an idle stack is looked at, before the load and after it; default `'6s'`, which holds a health check. */
    idleFor: duration,
    /** Regular expression for the output of a load; its first group is requests a second. */
    rate: z.string().min(1),
    /** The same for the number of requests that it made. */
    requests: z.string().min(1),
    /** Most that `--with-data` copies; default `'10G'`. */
    maxData: written(parseSize, words.size),
  })
  .partial();

declare module '../../../core/config/define-config.ts' {
  interface FeatureConfig {
    readonly move?: z.input<typeof moveSchema> | undefined;
  }
}

export default { move: moveSchema };
