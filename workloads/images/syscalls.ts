import type { ImageRecipe } from '../../src/model/image.ts';
import { packaging } from '../../src/tools/image-paths.ts';

const lib = 'usr/lib/*-linux-gnu';

const syscalls: ImageRecipe = {
  id: 'syscalls',
  description: 'perf (for perf bench) and stress-ng; busybox, and bash for the stamps around their work',
  suite: 'trixie',
  packages: ['busybox-static', 'bash', 'linux-perf', 'stress-ng'],
  // Documentation, what stress-ng's dependencies bring for a graphics stack, and the scripts of perf: nothing that one of
  // the two programs is linked with or that `perf bench` reads.
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
