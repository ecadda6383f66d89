/** dockerode. The build puts the library itself into the place of this file, without what is not used of it: `src/core/bundle/`. */
export { default } from 'dockerode';
