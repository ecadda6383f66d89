import type Docker from 'dockerode';
import { messages } from '../../messages/define.ts';
import { type EngineError, type EngineImages, imageNamespace } from '../engine.ts';
import { whileAnswering } from './answering.ts';
import { answerLimitMs, within } from './calls.ts';
import { toEngineError } from './errors.ts';

const words = messages('engine', {
  findingImage: 'looking for the image {reference}',
  importingImage: 'importing the image {repo}',
  removingImages: 'removing images',
});

/** Timeout of an import, which reads from this host's disk and writes to the daemon's, ms. */
const importLimitMs = 10 * 60_000;

/** The images of a daemon. See {@link EngineImages}. */
export function dockerImages(docker: Docker): EngineImages {
  return {
    findImage: (reference) =>
      within(words.findingImage({ reference }), answerLimitMs, async () => {
        const { Id: id, Size: bytes } = await docker.getImage(reference).inspect();
        return { id, bytes };
      }).catch((error: EngineError) => {
        if (error.statusCode === 404) return null;
        throw error;
      }),

    importImage: (tar, repo, tag) =>
      within(words.importingImage({ repo }), importLimitMs, () =>
        whileAnswering(
          () => docker.ping(),
          async () => {
            const stream = await docker.importImage(tar, { repo, tag });
            await new Promise<void>((resolve, reject) => {
              docker.modem.followProgress(stream, (error, events) => {
                const failed = (events as { error?: string }[] | undefined)?.find((event) => event.error);
                if (error ?? failed) reject(error ?? new Error(failed?.error));
                else resolve();
              });
            });
          },
        ),
      ),

    removeOurImages: () =>
      within(words.removingImages, answerLimitMs, async () => {
        const images = await docker.listImages({ filters: { reference: [`${imageNamespace}/*`] } });
        const tags = images.flatMap((image) => image.RepoTags ?? []);
        const removed: string[] = [];
        for (const tag of tags)
          try {
            await docker.getImage(tag).remove();
            removed.push(`image ${tag}`);
          } catch (error) {
            // 409: another container uses the image.
            if (toEngineError(error).statusCode !== 409) throw error;
          }
        return removed;
      }),
  };
}
