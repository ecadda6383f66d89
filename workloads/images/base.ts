import type { ImageRecipe } from '../../src/core/model/workload/image.ts';
import { packaging } from '../lib/image-paths.ts';

const base: ImageRecipe = {
  id: 'base',
  description: 'busybox alone, statically linked: what a container costs, not what its program costs',
  suite: 'trixie',
  packages: ['busybox-static'],
  remove: ['usr/share/*', ...packaging],
};
export default base;
