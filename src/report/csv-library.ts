/** csv-parse and csv-stringify. The build puts the libraries themselves into the place of this file: `src/core/bundle/`. */
export { parse } from 'csv-parse/sync';
export { stringify } from 'csv-stringify/sync';
