import type { ImageRecipe } from '../../src/core/model/workload/image.ts';
import { packaging } from '../lib/image-paths.ts';

const lib = 'usr/lib/*-linux-gnu';

const servers: ImageRecipe = {
  id: 'servers',
  description:
    'iperf3, nginx and redis, and what asks them: iperf3, wrk and redis-benchmark; bash for the stamps, busybox',
  suite: 'trixie',
  packages: ['busybox-static', 'bash', 'iperf3', 'nginx', 'redis-server', 'wrk'],
  // nginx looks up its user even if it stays root.
  hooks: ['echo root:x:0:0:root:/:/bin/sh > "$1/etc/passwd"; echo root:x:0: > "$1/etc/group"'],
  // Documentation, and files for the packages' maintainer scripts, which do not run here.
  remove: [
    'usr/share/*',
    ...packaging,
    'usr/bin/perl*',
    `${lib}/perl*`,
    `${lib}/gconv`,
    'usr/lib/python3*',
    'usr/bin/python3*',
    'usr/lib/systemd',
  ],
};
export default servers;
