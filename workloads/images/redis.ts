import type { ImageRecipe } from '../../src/model/image.ts';

const redis: ImageRecipe = {
  id: 'redis',
  description: 'redis-server with redis-benchmark; bash for the stamps, busybox',
  suite: 'trixie',
  packages: ['busybox-static', 'bash', 'redis-server'],
  remove: ['usr/share/*', 'etc/[!pg]*', 'usr/bin/redis-check-*', 'usr/lib/*-linux-gnu/gconv'],
};
export default redis;
