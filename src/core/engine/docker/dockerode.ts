/** The library dockerode. The build replaces this file by the used parts of the library: `src/core/bundle/`. */
export { default } from 'dockerode';
