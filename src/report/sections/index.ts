import { basename } from 'node:path/posix';
import { contributions, defaultExports } from '../../core/modules/default-exports.ts';
import type { Section } from './section.ts';

/**
 * All sections, one per module beside this one or in the `sections/` of a feature, in report order: run and warnings, answers,
 * every category with its charts and tables, then methods and data.
 */
export const sections: readonly Section[] = (
  [
    ...(await defaultExports(import.meta.dirname, basename(import.meta.filename))),
    ...(await contributions('sections')),
  ] as Section[]
).toSorted((a, b) => a.order - b.order);
