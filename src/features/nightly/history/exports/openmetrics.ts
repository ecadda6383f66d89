import type { History } from '../recorded-series.ts';
import { type HistoryExporter, nightsFrom } from './exporter.ts';
import { openMetricsText, prometheusText } from './exposition.ts';
import { familiesOf } from './families.ts';

/** All nights with their times, to fill a database with. */
export const openMetrics: HistoryExporter = ({ history, since }) => ({
  name: 'ocibench.om',
  content: openMetricsText(familiesOf(nightsFrom(history, since))),
});

/**
 * The newest figures and the newest night for node-exporter's textfile collector. It refuses timestamps, so the time of the
 * night is a metric.
 */
export const textfile: HistoryExporter = ({ history, host, open }) => ({
  name: 'ocibench.prom',
  content: prometheusText(familiesOf(newestOf(history, host), open.length)),
});

/** The newest night, and the figures of the newest night that has figures. */
function newestOf(history: History, host: string): History {
  const ofHost = <Line extends { readonly host: string }>(lines: readonly Line[]) =>
    lines.filter((line) => line.host === host);
  const nights = ofHost(history.nights).filter(({ stage }) => stage === 'night');
  const own = ofHost(history.headlines).filter(({ stage }) => stage === 'night');
  const run = own.at(-1)?.run;
  return {
    ...history,
    headlines: own.filter((line) => line.run === run),
    nights: nights.slice(-1),
  };
}
