import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { packageNeeds, packagesOf } from '../src/app/packages/package-needs.ts';
import { buildDeb } from './deb.ts';
import { writeImageArchive } from './image-archive.ts';

/** What the private engine needs, and what Debian has of the runtimes that are compared: Kata is in no Debian. */
const packages = packagesOf(packageNeeds);

/** Builds the image of this machine's architecture from Debian packages and ours into `directory`; returns the path of its archive. */
export async function buildImage(directory: string, scratch: string): Promise<string> {
  const deb = await buildDeb(scratch, scratch);
  const rootfs = join(scratch, 'rootfs.tar');
  const inside = `/tmp/${basename(deb)}`;
  await mkdir(join(scratch, 'tmp'));
  await execa(
    'mmdebstrap',
    [
      '--variant=apt',
      `--include=${['ca-certificates', 'libstdc++6', ...packages].join(',')}`,
      '--dpkgopt=path-exclude=/usr/share/man/*',
      '--dpkgopt=path-exclude=/usr/share/locale/*',
      `--customize-hook=copy-in ${deb} /tmp`,
      `--customize-hook=chroot "$1" dpkg -i ${inside}`,
      `--customize-hook=rm "$1${inside}"`,
      '--format=tar',
      '--quiet',
      'trixie',
      rootfs,
    ],
    { env: { TMPDIR: join(scratch, 'tmp'), DEBIAN_FRONTEND: 'noninteractive' } },
  );
  const [, version = '', architecture = ''] = /_(.+)_(.+)\.deb$/.exec(basename(deb)) ?? [];
  const archive = join(directory, `ocibench_${version}_${architecture}.oci.tar`);
  await writeImageArchive(archive, { rootfs, version, architecture, scratch });
  await copyFile(deb, join(directory, basename(deb)));
  return archive;
}
