import * as z from 'zod';
import { messages } from '../messages/define.ts';
import { parseDuration, parseFraction, wholeBounds } from './quantities.ts';
import { rule, shortName, written } from './rule.ts';

const words = messages('configField', {
  fraction: "must be a percentage such as '3%' or a fraction such as 0.03",
  duration: "must be a duration such as '90s', '10m' or '1h30m'",
});

/** Name of the runtime. */
export const name = shortName;
export const percentage = (parse: (value: string | number) => number | null) =>
  z
    .union([z.number(), z.string()], rule(words.fraction))
    .refine((value) => parse(value) !== null, rule(words.fraction));
export const fraction = percentage(parseFraction);
export const count = ({ least, most }: { readonly least: number; readonly most: number }) =>
  z.int().min(least).max(most);
export const blockCount = count(wholeBounds.blocks);

/** Such as `'90s'`. */
export const duration = written(parseDuration, words.duration);
