/** diff. The build puts the library itself into the place of this file: `src/core/bundle/`. */
export { createTwoFilesPatch } from 'diff';
