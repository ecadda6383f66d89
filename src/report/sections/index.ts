import absentCharts from './absent-charts.ts';
import answers from './answers.ts';
import categories from './categories.ts';
import data from './data.ts';
import facts from './facts.ts';
import introduction from './introduction.ts';
import isolationCost from './isolation-cost.ts';
import method from './method.ts';
import missing from './missing.ts';
import noise from './noise.ts';
import overview from './overview.ts';
import type { Section } from './section.ts';
import setup from './setup.ts';
import taught from './taught.ts';

/**
 * Every section of a report, in the order in which they stand: which run it is, doubts and answers first; then every category
 * with its charts and tables; then what all of it rests on.
 */
export const sections: readonly Section[] = [
  introduction,
  answers,
  overview,
  taught,
  categories,
  isolationCost,
  facts,
  missing,
  noise,
  setup,
  method,
  absentCharts,
  data,
].toSorted((a, b) => a.order - b.order);
