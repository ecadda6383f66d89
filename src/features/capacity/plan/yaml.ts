/** The library yaml. The build replaces this file by the library itself: `src/core/bundle/`. */
export { LineCounter, parseDocument } from 'yaml';
