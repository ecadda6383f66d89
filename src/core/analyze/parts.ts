import { contributions } from '../modules/default-exports.ts';
import type { AnalysisPart, PartFields } from './part.ts';

/** The parts of the features. Loads `src/features/<feature>/analyses/`, which therefore must not import it. */
export const analysisParts = (await contributions('analyses')) as readonly AnalysisPart[];

/** Fields of several parts together. */
export function joinFields(all: readonly PartFields[]): PartFields {
  return Object.assign({}, ...all) as PartFields;
}
