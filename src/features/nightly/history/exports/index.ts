import type { ExportFormat } from '../../../../core/model/export-format.ts';
import { bmf } from './bmf.ts';
import { csv } from './csv.ts';
import type { HistoryExporter } from './exporter.ts';
import { githubAnnotations } from './github-annotations.ts';
import { githubBenchmark } from './github-benchmark.ts';
import { githubSummary } from './github-summary.ts';
import { junit } from './junit.ts';
import { ndjson } from './ndjson.ts';
import { openMetrics, textfile } from './openmetrics.ts';
import { otava } from './otava.ts';

/** Every format of a history. */
export const exporters: Readonly<Record<ExportFormat, HistoryExporter>> = {
  csv,
  ndjson,
  junit,
  'github-summary': githubSummary,
  'github-annotations': githubAnnotations,
  'github-benchmark': githubBenchmark,
  bmf,
  otava,
  openmetrics: openMetrics,
  textfile,
};
