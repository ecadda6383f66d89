/**
 * `npm run package -- npm|deb|image [DIRECTORY]`: makes the npm package, the Debian package or the OCI image (with the Debian
 * package that it was made from) in DIRECTORY, which is `dist-packages` when left out, and prints its path.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { buildDeb } from './deb.ts';
import { buildImage } from './image.ts';
import { packNpm, root } from './tarball.ts';

const makers = { npm: packNpm, deb: buildDeb, image: buildImage };
const kinds = Object.keys(makers);

const [kind = '', directory = join(root, 'dist-packages')] = process.argv.slice(2);
if (!(kind in makers)) {
  console.error(`usage: npm run package -- ${kinds.join('|')} [DIRECTORY]`);
  process.exit(2);
}
const target = resolve(directory);
await mkdir(target, { recursive: true });
// Beside the result: hundreds of megabytes, which a small /tmp does not hold.
const scratch = await mkdtemp(join(target, '.making-'));
try {
  console.log(await makers[kind as keyof typeof makers](target, scratch));
} finally {
  await rm(scratch, { recursive: true, force: true });
}
