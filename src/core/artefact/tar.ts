/** modern-tar. The build replaces this file by the library itself: `src/core/bundle/`. */
export { createTarDecoder, createTarPacker } from 'modern-tar';
