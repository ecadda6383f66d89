import { figures } from '../document/figures.ts';
import type { Section } from './section.ts';

/** All categories in one chart. */
export default {
  id: 'overview',
  order: 300,
  blocks: (context, charts) => figures(charts, 'overview', context),
} satisfies Section;
