import { renderMarkdown } from '../renderers/markdown.ts';
import type { Exporter } from './exporter.ts';

export default {
  file: 'report.md',
  order: 500,
  shows: 'report',
  content: ({ report, lang, chartsHref }) => renderMarkdown(report, lang, chartsHref),
} satisfies Exporter;
