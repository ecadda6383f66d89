import type { ImageRecipe } from '../../src/model/image.ts';

const base: ImageRecipe = {
  id: 'base',
  description: 'busybox alone, statically linked: what a container costs, not what its program costs',
  suite: 'trixie',
  packages: ['busybox-static'],
  remove: ['usr/share/*', 'etc/apt', 'etc/dpkg', 'etc/fstab', 'etc/hostname', 'etc/resolv.conf'],
};
export default base;
