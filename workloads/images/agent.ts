import type { ImageRecipe } from '../../src/core/model/workload/image.ts';
import { repositoryHook } from '../lib/agent-repository.ts';
import { testsHook } from '../lib/agent-tests.ts';
import { wheelPackages, wheelsHook } from '../lib/agent-wheels.ts';

const lib = 'usr/lib/*-linux-gnu';

const agent: ImageRecipe = {
  id: 'agent',
  description:
    'what agents work with: git, ripgrep, gcc, make, pip, and a repository, wheels and tests of Python; bash, busybox',
  suite: 'trixie',
  packages: [
    'busybox-static',
    'bash',
    'bash-builtins',
    'coreutils',
    'gcc',
    'git',
    'libc6-dev',
    'libpython3.13-testsuite',
    'make',
    'python3',
    'python3-pip',
    'ripgrep',
    ...wheelPackages,
  ],
  hooks: [
    // pip reads it when it starts, though it asks nobody.
    'mkdir -p "$1/etc/ssl/certs"; ' +
      'cat "$1"/usr/share/ca-certificates/mozilla/*.crt > "$1/etc/ssl/certs/ca-certificates.crt"',
    wheelsHook,
    // What Python's maintainer scripts do (images/programs.ts); tests with faulty sources stay as they are.
    'chroot "$1" /usr/bin/python3 -m compileall -q --invalidation-mode unchecked-hash ' +
      '/usr/lib/python3 /usr/lib/python3.13 || true; ' +
      'ls "$1"/usr/lib/python3.13/json/__pycache__/decoder.*.pyc > /dev/null',
    testsHook,
    repositoryHook,
  ],
  // Documentation except the sources that Debian ships as examples; what C, local git and Python do not need.
  remove: [
    'usr/share/[!dp]*',
    'usr/share/perl*',
    'usr/share/doc/[!b]*',
    'usr/share/doc/b[!a]*',
    'etc/[!pgs]*',
    'usr/bin/perl*',
    'usr/bin/*lto-dump*',
    'usr/bin/*gp-*',
    'usr/bin/*gprof*',
    'usr/bin/*gcov*',
    'usr/libexec/gcc/*/*/lto1',
    'usr/lib/git-core/git-[dhi]*p-*',
    'usr/lib/git-core/git-remote-*',
    'usr/lib/git-core/scalar',
    'usr/bin/scalar',
    `${lib}/*san.so*`,
    `${lib}/gconv`,
    `${lib}/gprofng`,
    `${lib}/libgprofng*`,
    `${lib}/perl*`,
    `${lib}/libperl*`,
  ],
};
export default agent;
