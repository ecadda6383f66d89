import { type HistoryExporter, nightsFrom, oneFile } from './exporter.ts';

/** Every valid figure, as its line of the history. */
export const ndjson: HistoryExporter = ({ history, since }) =>
  oneFile(
    'figures.ndjson',
    nightsFrom(history, since)
      .headlines.map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  );
