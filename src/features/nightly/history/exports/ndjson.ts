import { type Exporter, nightsFrom, oneFile } from './exporter.ts';

/** Every valid figure, as its line of the history. */
export const ndjson: Exporter = ({ history, since }) =>
  oneFile(
    'figures.ndjson',
    nightsFrom(history, since)
      .headlines.map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  );
