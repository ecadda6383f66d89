import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { notices } from '../messages/define.ts';
import { EngineError, type EngineImages } from './engine.ts';

const text = notices('layer.oci', {
  noUnpack: 'the image {reference} could not be unpacked: {said}',
});

/** tar names every file that it cannot write; the first ones say why. */
function firstLines(said: string, shown = 3): string {
  const lines = said.trim().split('\n');
  return [...lines.slice(0, shown), ...(lines.length > shown ? ['…'] : [])].join('\n');
}

/** Images as directories, for layers that start from a root file system; one place for all layers of a run. */
export interface UnpackedImages extends Pick<EngineImages, 'findImage' | 'importImage'> {
  /** Directory of an image's root file system; null where there is no such image. */
  pathOf(reference: string): string | null;
}

/** Keeps images in `directory`, which only root can read. */
export function unpackedImages(directory: string): UnpackedImages {
  const images = new Map<string, { readonly id: string; readonly bytes: number; readonly path: string }>();
  return {
    findImage: async (reference) => images.get(reference) ?? null,
    pathOf: (reference) => images.get(reference)?.path ?? null,

    async importImage(tar, repo, tag) {
      const reference = `${repo}:${tag}`;
      const path = join(directory, reference.replaceAll(/[^\w.-]/g, '_'));
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await mkdir(path, { recursive: true, mode: 0o755 });
      const args = ['-x', '--numeric-owner', '-p', '-C', path];
      const { failed, stderr } = await execa('tar', args, { input: tar, reject: false });
      if (failed)
        throw new EngineError(text.noUnpack({ reference, said: firstLines(String(stderr ?? '')) }), null);
      images.set(reference, { id: reference, bytes: tar.bytesRead, path });
    },
  };
}
