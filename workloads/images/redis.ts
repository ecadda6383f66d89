import type { ImageRecipe } from '../../src/model/image.ts';

const redis: ImageRecipe = {
  id: 'redis',
  description: 'redis-server with redis-benchmark; bash for the stamps, busybox',
  suite: 'trixie',
  packages: ['busybox-static', 'bash', 'redis-server'],
  // Of redis-server and the two programs that check files, one is the program and the others are links to it.
  remove: ['usr/share/*', 'etc/[!pg]*', 'usr/lib/*-linux-gnu/gconv'],
};
export default redis;
