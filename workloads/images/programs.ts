import type { ImageRecipe } from '../../src/core/model/workload/image.ts';

const programs: ImageRecipe = {
  id: 'programs',
  description: 'sqlite3, python3, openssl, tar and gzip; bash for the stamps, busybox',
  suite: 'trixie',
  packages: ['busybox-static', 'bash', 'sqlite3', 'openssl', 'python3', 'tar', 'gzip'],
  // Do what python3's maintainer script does: otherwise every container would compile the modules that it imports. By
  // hash and unchecked, since the build clamps the files' timestamps, which Python would otherwise compare with the
  // .pyc.
  hooks: [
    'chroot "$1" /usr/bin/python3 -m compileall -q --invalidation-mode unchecked-hash /usr/lib/python3.13',
  ],
  remove: ['usr/share/*', 'etc/[!pg]*', 'usr/lib/*-linux-gnu/gconv'],
};
export default programs;
