import type { ImageRecipe } from '../../src/core/model/workload/image.ts';
import { packaging } from '../lib/image-paths.ts';

const calibration: ImageRecipe = {
  id: 'calibration',
  description: 'perl alone: what `ocibench doctor calibrate` burns, touches, writes and forks with',
  suite: 'trixie',
  packages: ['busybox-static', 'perl-base'],
  remove: ['usr/share/doc', 'usr/share/man', ...packaging],
};
export default calibration;
