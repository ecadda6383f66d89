import { basename } from 'node:path/posix';
import { defaultExports } from '../../modules/default-exports.ts';
import type { Exporter } from './exporter.ts';

/** Every file of a run that is made of its analysis, as a file beside this one defines it, in the order in which they are written. */
export const exporters: readonly Exporter[] = (
  (await defaultExports(import.meta.dirname, basename(import.meta.filename))) as Exporter[]
).toSorted((a, b) => a.order - b.order);
