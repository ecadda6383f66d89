/** modern-tar. The build puts the library itself into the place of this file: `src/core/bundle/`. */
export { createTarDecoder, createTarPacker } from 'modern-tar';
