import type { ImageRecipe } from '../../src/core/model/image.ts';
import { packaging } from '../lib/image-paths.ts';

const lib = 'usr/lib/*-linux-gnu';

const tools: ImageRecipe = {
  id: 'tools',
  description: 'fio, stress-ng and sysbench; busybox, and bash for the stamps around their work',
  suite: 'trixie',
  packages: ['busybox-static', 'bash', 'fio', 'stress-ng', 'sysbench'],
  // Documentation, a graphics stack and Python scripts from the tools' dependencies. None of the three programs is
  // linked with them.
  remove: [
    'usr/share/*',
    ...packaging,
    `${lib}/libLLVM*`,
    `${lib}/libgallium*`,
    `${lib}/libz3*`,
    `${lib}/dri`,
    `${lib}/gconv`,
    'usr/lib/python3*',
    'usr/bin/python3*',
  ],
};
export default tools;
