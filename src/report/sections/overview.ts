import { figures } from '../figures.ts';
import type { Section } from './section.ts';

/** All categories in one chart. */
export default {
  id: 'overview',
  order: 300,
  blocks: (_, charts) => figures(charts, 'overview'),
} satisfies Section;
