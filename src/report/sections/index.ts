import { basename } from 'node:path/posix';
import { defaultExports } from '../../modules/default-exports.ts';
import type { Section } from './section.ts';

/**
 * Every section that a file beside this one defines, in the order in which they stand: which run it is, doubts and answers first;
 * then every category with its charts and tables; then what all of it rests on.
 */
export const sections: readonly Section[] = (
  (await defaultExports(import.meta.dirname, basename(import.meta.filename))) as Section[]
).toSorted((a, b) => a.order - b.order);
