import { type Exporter, oneFile } from './exporter.ts';
import { nightsFrom } from './since.ts';

/** Every figure that counts, as the line of the history that it is. */
export const ndjson: Exporter = ({ history, since }) =>
  oneFile(
    'figures.ndjson',
    nightsFrom(history, since)
      .headlines.map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  );
