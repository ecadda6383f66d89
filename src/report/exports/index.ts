import analysisJson from './analysis-json.ts';
import type { Exporter } from './exporter.ts';
import factsCsv from './facts-csv.ts';
import measurementsCsv from './measurements-csv.ts';
import reportHtml from './report-html.ts';
import reportMd from './report-md.ts';
import summaryCsv from './summary-csv.ts';

/** Every file of a run that is made of its analysis, in the order in which they are written. */
export const exporters: readonly Exporter[] = [
  analysisJson,
  measurementsCsv,
  summaryCsv,
  factsCsv,
  reportMd,
  reportHtml,
].toSorted((a, b) => a.order - b.order);
