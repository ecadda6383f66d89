import type { ImageRecipe } from '../../src/core/model/workload/image.ts';
import { packaging } from '../lib/image-paths.ts';

const python: ImageRecipe = {
  id: 'python',
  description: 'python3 with its standard library (mmap), and busybox',
  suite: 'trixie',
  packages: ['busybox-static', 'python3-minimal', 'libpython3-stdlib'],
  remove: ['usr/share/*', ...packaging, 'usr/lib/*-linux-gnu/gconv'],
};
export default python;
