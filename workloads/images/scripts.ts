import type { ImageRecipe } from '../../src/core/model/workload/image.ts';
import { packaging } from '../lib/image-paths.ts';

const lib = 'usr/lib/*-linux-gnu';

const scripts: ImageRecipe = {
  id: 'scripts',
  description: 'PHP, Ruby and Lua on the command line; bash for the stamps, busybox',
  suite: 'trixie',
  packages: ['busybox-static', 'bash', 'lua5.4', 'php8.4-cli', 'ruby'],
  remove: [
    // Keeps Ruby's modules and the time zones, which PHP requires.
    'usr/share/[!rz]*',
    'usr/share/z[!o]*',
    ...packaging,
    'usr/bin/perl*',
    `${lib}/perl*`,
    `${lib}/libperl*`,
    `${lib}/gconv`,
  ],
};
export default scripts;
