import type { ImageRecipe } from '../../src/model/image.ts';

const nodejs: ImageRecipe = {
  id: 'nodejs',
  description: 'Node.js as Debian has it; busybox for a shell',
  suite: 'trixie',
  packages: ['busybox-static', 'nodejs'],
  remove: [
    'usr/share/doc',
    'usr/share/man',
    'usr/share/nodejs/corepack',
    'usr/share/nodejs/npm',
    'etc/apt',
    'etc/dpkg',
    'etc/fstab',
    'etc/hostname',
    'etc/resolv.conf',
    'usr/lib/*-linux-gnu/gconv',
  ],
};
export default nodejs;
