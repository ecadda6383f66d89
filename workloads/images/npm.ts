import type { ImageRecipe } from '../../src/core/model/workload/image.ts';
import { npmFixtureHook } from '../lib/npm-registry.ts';

const lib = 'usr/lib/*-linux-gnu';

const npm: ImageRecipe = {
  id: 'npm',
  description: 'Node.js with npm, and a registry of packages made for it; bash for the stamps, busybox',
  suite: 'trixie',
  packages: ['busybox-static', 'bash', 'nodejs', 'npm'],
  hooks: [npmFixtureHook],
  // All of /usr/share except the modules of Node and npm in /usr/share/nodejs; from these, the large ones that only the build
  // of npm's dependencies needs. Also headers and static libraries.
  remove: [
    'usr/share/[!n]*',
    ...['@babel', '@types', '@webassemblyjs', 'caniuse-lite', 'core-js*', 'corepack', 'es-abstract', 'eslint']
      .concat(['handlebars', 'lodash*', 'regenerate*', 'terser', 'web-streams-polyfill', 'webpack'])
      .map((name) => `usr/share/nodejs/${name}`),
    'etc/[!pg]*',
    'usr/include',
    'usr/bin/perl*',
    `${lib}/*.a`,
    `${lib}/perl*`,
    `${lib}/libperl*`,
    `${lib}/gconv`,
    'usr/lib/python3*',
    'usr/bin/python3*',
  ],
};
export default npm;
