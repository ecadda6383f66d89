import { basename } from 'node:path/posix';
import { contributions, defaultExports } from '../../core/modules/default-exports.ts';
import type { Exporter } from './exporter.ts';

/** All files made from a run's analysis, one per module beside this one, in the order of writing. */
export const exporters: readonly Exporter[] = (
  [
    ...(await defaultExports(import.meta.dirname, basename(import.meta.filename))),
    ...(await contributions('exports')),
  ] as Exporter[]
).toSorted((a, b) => a.order - b.order);
