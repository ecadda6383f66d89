import type { ImageRecipe } from '../../src/core/model/workload/image.ts';
import { packaging } from '../lib/image-paths.ts';

const apps: ImageRecipe = {
  id: 'apps',
  description: 'redis-server and python3 as idle services have them; busybox',
  suite: 'trixie',
  packages: ['busybox-static', 'redis-server', 'redis-tools', 'python3-minimal'],
  remove: ['usr/share/*', ...packaging, 'usr/lib/*-linux-gnu/gconv'],
};
export default apps;
