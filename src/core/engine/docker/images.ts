import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { messages, notices } from '../../messages/define.ts';
import { EngineError, type EngineImages, imageNamespace } from '../engine.ts';
import { answerLimitMs, toEngineError, within } from './errors.ts';

const text = notices('engine', { answersNoMore: 'it no longer answers' });

/** How often the daemon is pinged during a long call, and its timeout for the answer, ms. */
const usual = { everyMs: 5_000, answerMs: 10_000 };

/**
 * Resolves as `work` does, which may take minutes. Rejects with EngineError once the daemon fails to answer `ask` in
 * time twice in a row: a daemon that is stopped (SIGSTOP) or hangs would otherwise block until the timeout of `work`.
 */
export async function whileAnswering<T>(
  ask: () => Promise<unknown>,
  work: () => Promise<T>,
  { everyMs, answerMs }: typeof usual = usual,
): Promise<T> {
  const over = new AbortController();
  const silence = async (): Promise<never> => {
    for (let missed = 0; missed < 2; ) {
      await sleep(everyMs, undefined, { signal: over.signal });
      const answered = await Promise.race([
        ask().then(
          () => true,
          () => false,
        ),
        sleep(answerMs, false, { signal: over.signal }),
      ]);
      missed = answered ? 0 : missed + 1;
    }
    throw new EngineError(text.answersNoMore, null, undefined, true);
  };
  const silent = silence();
  silent.catch(() => undefined);
  try {
    return await Promise.race([work(), silent]);
  } finally {
    over.abort();
  }
}

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
