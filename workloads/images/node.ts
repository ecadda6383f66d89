import type { ImageRecipe } from '../../src/core/model/workload/image.ts';

const node: ImageRecipe = {
  id: 'node',
  description: 'Node.js, and wrk that asks its server; bash for the stamps, busybox',
  suite: 'trixie',
  packages: ['busybox-static', 'bash', 'nodejs', 'wrk'],
  // All of /usr/share except Node's own modules; its start reads some of them (cjs-module-lexer, undici).
  remove: [
    'usr/share/[!n]*',
    'usr/share/nodejs/corepack',
    'usr/share/nodejs/npm',
    'etc/[!pg]*',
    'usr/lib/*-linux-gnu/gconv',
  ],
};
export default node;
