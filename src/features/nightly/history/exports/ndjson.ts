import { type HistoryExporter, nightsFrom } from './exporter.ts';

/** Every valid figure, as its line of the history. */
export const ndjson: HistoryExporter = ({ history, since }) => ({
  name: 'figures.ndjson',
  content: nightsFrom(history, since)
    .headlines.map((line) => `${JSON.stringify(line)}\n`)
    .join(''),
});
