import type { ImageRecipe } from '../../src/core/model/workload/image.ts';
import { packaging } from '../lib/image-paths.ts';

const lib = 'usr/lib/*-linux-gnu';

const tools: ImageRecipe = {
  id: 'tools',
  description:
    'fio, stress-ng, sysbench, perf (for perf bench) and python3; busybox, and bash for the stamps around their work',
  suite: 'trixie',
  packages: [
    'busybox-static',
    'bash',
    'fio',
    'linux-perf',
    'python3-minimal',
    'libpython3-stdlib',
    'stress-ng',
    'sysbench',
  ],
  // Documentation, a graphics stack from stress-ng's dependencies, and the scripts of perf. No program is linked with
  // them, and `perf bench` does not read them.
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
  ],
};
export default tools;
