/** The libraries csv-parse and csv-stringify. The build replaces this file by the libraries themselves: `src/core/bundle/`. */
export { parse } from 'csv-parse/sync';
export { stringify } from 'csv-stringify/sync';
