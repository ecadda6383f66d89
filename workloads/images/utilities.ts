import type { ImageRecipe } from '../../src/core/model/workload/image.ts';
import { packaging } from '../lib/image-paths.ts';
import { textCorpusHook } from '../lib/text-corpus.ts';

const lib = 'usr/lib/*-linux-gnu';

const utilities: ImageRecipe = {
  id: 'utilities',
  description:
    'git, rsync, make, perl, jq, ripgrep, zstd and coreutils, and texts that they work on; bash, busybox',
  suite: 'trixie',
  packages: [
    'busybox-static',
    'bash',
    'coreutils',
    'git',
    'jq',
    'make',
    'perl-base',
    'ripgrep',
    'rsync',
    'zstd',
  ],
  hooks: [textCorpusHook],
  // Documentation; Perl's modules and git's transports, which no workload uses.
  remove: [
    'usr/share/*',
    ...packaging,
    'usr/lib/git-core/git-[dhi]*p-*',
    'usr/lib/git-core/git-remote-*',
    'usr/lib/git-core/scalar',
    'usr/bin/scalar',
    `${lib}/gconv`,
    `${lib}/libperl*`,
    `${lib}/perl`,
  ],
};
export default utilities;
