import { pageParts } from '../document/page-parts.ts';
import { renderHtml } from '../renderers/html.ts';
import { reportTitle } from '../sections/introduction.ts';
import type { Exporter } from './exporter.ts';

export default {
  file: 'report.html',
  order: 600,
  shows: 'report',
  content({ report, ...source }) {
    const { run, lang, svgs, charts, script, t } = source;
    return renderHtml(report, {
      lang,
      title: t(reportTitle(run)),
      svgs,
      page: pageParts(source, charts, script),
    });
  },
} satisfies Exporter;
