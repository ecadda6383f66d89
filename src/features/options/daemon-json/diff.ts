/** The library diff. The build replaces this file by the library itself: `src/core/bundle/`. */
export { createTwoFilesPatch } from 'diff';
