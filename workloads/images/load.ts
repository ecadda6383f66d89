import type { ImageRecipe } from '../../src/core/model/workload/image.ts';
import { packaging } from '../lib/image-paths.ts';

/** The load generators for the user's own services, whose reports `workloads/lib/load-tools.ts` parses. */
const load: ImageRecipe = {
  id: 'load',
  description: 'wrk, ab, hey and redis-benchmark, which ask services of your own; busybox and bash',
  suite: 'trixie',
  packages: ['busybox-static', 'bash', 'wrk', 'apache2-utils', 'hey', 'redis-tools'],
  remove: [
    'usr/share/*',
    ...packaging,
    'usr/bin/perl*',
    'usr/lib/*-linux-gnu/perl*',
    'usr/lib/*-linux-gnu/gconv',
  ],
};
export default load;
