/** The library csv-parse. The build replaces this file by the library itself: `src/core/bundle/`. */
export { parse } from 'csv-parse/sync';
