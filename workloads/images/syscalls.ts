import type { ImageRecipe } from '../../src/core/model/image.ts';
import { packaging } from '../lib/image-paths.ts';

const lib = 'usr/lib/*-linux-gnu';

const syscalls: ImageRecipe = {
  id: 'syscalls',
  description: 'perf (for perf bench) and stress-ng; busybox, and bash for the stamps around their work',
  suite: 'trixie',
  packages: ['busybox-static', 'bash', 'linux-perf', 'stress-ng'],
  // Documentation, a graphics stack from stress-ng's dependencies, and the scripts of perf. Neither program is linked
  // with them, and `perf bench` does not read them.
  remove: [
    'usr/share/*',
    'usr/libexec/*',
    ...packaging,
    `${lib}/libLLVM*`,
    `${lib}/libgallium*`,
    `${lib}/libz3*`,
    `${lib}/dri`,
    `${lib}/gconv`,
    `${lib}/perl*`,
    'usr/lib/perf-core',
    'usr/lib/valgrind',
    'usr/lib/python3*',
    'usr/bin/python3*',
  ],
};
export default syscalls;
