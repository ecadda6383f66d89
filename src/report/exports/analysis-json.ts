import type { Exporter } from './exporter.ts';

/** The complete analysis, for programs. */
export default {
  file: 'analysis.json',
  order: 100,
  content: ({ analysis }) => `${JSON.stringify(analysis, null, 1)}\n`,
} satisfies Exporter;
