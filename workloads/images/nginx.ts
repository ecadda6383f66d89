import type { ImageRecipe } from '../../src/model/image.ts';

const nginx: ImageRecipe = {
  id: 'nginx',
  description: 'nginx, and wrk that asks it; bash for the stamps, busybox',
  suite: 'trixie',
  packages: ['busybox-static', 'bash', 'nginx', 'wrk'],
  // nginx looks its user up even where it stays root.
  hooks: ['echo root:x:0:0:root:/:/bin/sh > "$1/etc/passwd"; echo root:x:0: > "$1/etc/group"'],
  remove: ['usr/share/*', 'etc/[!pg]*', 'var/cache/*', 'usr/lib/*-linux-gnu/gconv'],
};
export default nginx;
