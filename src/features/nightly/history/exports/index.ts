import type { ExportFormat } from '../export-format.ts';
import type { HistoryExporter } from './exporter.ts';
import { githubSummary } from './github-summary.ts';
import { junit } from './junit.ts';
import { ndjson } from './ndjson.ts';
import { openMetrics, textfile } from './openmetrics.ts';

/** Every format of a history. */
export const exporters: Readonly<Record<ExportFormat, HistoryExporter>> = {
  ndjson,
  junit,
  'github-summary': githubSummary,
  openmetrics: openMetrics,
  textfile,
};
