import type { ImageRecipe } from '../../src/core/model/workload/image.ts';
import { packaging } from '../lib/image-paths.ts';

const lib = 'usr/lib/*-linux-gnu';

const chromium: ImageRecipe = {
  id: 'chromium',
  description: 'Chromium without a screen (headless shell), and a font; bash for the stamps, busybox',
  suite: 'trixie',
  packages: ['busybox-static', 'bash', 'chromium-headless-shell', 'fonts-dejavu-core'],
  // /usr/share except fonts and their configuration.
  remove: [
    'usr/share/[!f]*',
    'usr/share/f[!o]*',
    ...packaging,
    `${lib}/gconv`,
    `${lib}/libLLVM*`,
    `${lib}/libgallium*`,
    `${lib}/libz3*`,
    `${lib}/dri`,
    'usr/lib/systemd',
    'usr/bin/perl*',
    `${lib}/perl*`,
    `${lib}/libperl*`,
  ],
};
export default chromium;
