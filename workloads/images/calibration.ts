import type { ImageRecipe } from '../../src/model/image.ts';

const calibration: ImageRecipe = {
  id: 'calibration',
  description: 'perl alone: what `ocibench calibrate` burns, touches, writes and forks with',
  suite: 'trixie',
  packages: ['busybox-static', 'perl-base'],
  remove: [
    'usr/share/doc',
    'usr/share/man',
    'etc/apt',
    'etc/dpkg',
    'etc/fstab',
    'etc/hostname',
    'etc/resolv.conf',
  ],
};
export default calibration;
