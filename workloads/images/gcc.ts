import type { ImageRecipe } from '../../src/core/model/workload/image.ts';

const lib = 'usr/lib/*-linux-gnu';

const gcc: ImageRecipe = {
  id: 'gcc',
  description: 'gcc with the C library, and the C sources of bash’s loadable builtins; bash, busybox',
  suite: 'trixie',
  packages: ['busybox-static', 'bash', 'gcc', 'libc6-dev', 'bash-builtins'],
  // Documentation except the sources, which Debian ships as examples, and what compiling C to objects does not need:
  // link-time optimisation, sanitizers, profilers, static libraries.
  remove: [
    'usr/share/[!d]*',
    'usr/share/doc/[!b]*',
    'usr/share/doc/b[!a]*',
    'etc/[!pg]*',
    'usr/bin/*lto-dump*',
    'usr/bin/*gp-*',
    'usr/bin/*gprof*',
    'usr/bin/*gcov*',
    'usr/libexec/gcc/*/*/lto1',
    'usr/libexec/gcc/*/*/lto-wrapper',
    `${lib}/*san.so*`,
    `${lib}/*.a`,
    `${lib}/gconv`,
    `${lib}/gprofng`,
    `${lib}/libgprofng*`,
    'usr/lib/gcc/*/*/*.a',
  ],
};
export default gcc;
