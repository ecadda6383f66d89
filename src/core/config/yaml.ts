/** yaml. The build puts the library itself into the place of this file: `src/core/bundle/`. */
export { LineCounter, parseDocument, stringify } from 'yaml';
