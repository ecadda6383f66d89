import { type Exporter, nightsFrom, oneFile } from './exporter.ts';

/** Every figure that counts, as the line of the history that it is. */
export const ndjson: Exporter = ({ history, since }) =>
  oneFile(
    'figures.ndjson',
    nightsFrom(history, since)
      .headlines.map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  );
