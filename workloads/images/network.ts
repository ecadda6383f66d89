import type { ImageRecipe } from '../../src/model/image.ts';

const lib = 'usr/lib/*-linux-gnu';

const network: ImageRecipe = {
  id: 'network',
  description:
    'iperf3, nginx and redis, and what asks them: iperf3, wrk and redis-benchmark; busybox for a shell',
  suite: 'trixie',
  packages: ['busybox-static', 'iperf3', 'nginx', 'redis-server', 'wrk'],
  // Documentation, and what the packages bring for their maintainer scripts, which do not run here.
  remove: [
    'usr/share/*',
    'etc/apt',
    'etc/dpkg',
    'etc/fstab',
    'etc/hostname',
    'etc/resolv.conf',
    'usr/bin/perl*',
    `${lib}/perl*`,
    `${lib}/gconv`,
    'usr/lib/python3*',
    'usr/bin/python3*',
    'usr/lib/systemd',
  ],
};
export default network;
