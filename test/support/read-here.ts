import type { ArtefactAnswers, readApart } from '../../src/app/apart/apart.ts';
import type { ArtefactReader, ReaderContext } from '../../src/app/apart/apart-process.ts';
import { vegaPictures } from '../../src/app/store.ts';
import { openArtefact } from '../../src/core/artefact/artefact.ts';
import { temporaryDirectory } from '../../src/core/files/temporary.ts';

type Job = Parameters<typeof readApart>[1][number] & Pick<ReaderContext, 'environment'>;
type Read = (
  app: Pick<ReaderContext, 'store' | 'reporter'>,
  jobs: readonly Job[],
  options?: Parameters<typeof readApart>[2],
) => Promise<readonly ArtefactAnswers<unknown>[]>;

const silent = () => undefined;

/**
 * The module `apart.ts`, but this process reads artefacts that have no limits of their own: where what is made of the answers is
 * tested, a process for each takes longer to start than all else. `isApart`: does a process read them all the same?
 */
export function readingHere<Real extends { readonly readApart: unknown }>(
  real: Real,
  isApart = () => false,
): Real {
  const apart = real.readApart as Read;
  const readApart: Read = async (app, jobs, options = {}) => {
    if (options.limits !== undefined || isApart()) return apart(app, jobs, options);
    const found: ArtefactAnswers<unknown>[] = [];
    for (const job of jobs) {
      const read = { answers: await readHere(app, structuredClone(job)), problem: null };
      found.push(read);
      options.onRead?.(read as never);
    }
    return found;
  };
  return { ...real, readApart };
}

async function readHere({ store, reporter }: Parameters<Read>[0], job: Job): Promise<readonly unknown[]> {
  const quiet = {
    ...reporter,
    log: silent,
    warn: silent,
    setLang: silent,
    lang: 'en',
  } as const;
  const app = { store, pictures: vegaPictures, environment: job.environment, reporter: quiet };
  const { default: read } = (await import(job.reader)) as { readonly default: ArtefactReader<Job> };
  await using scratch = await temporaryDirectory('artefact');
  const answers: unknown[] = [];
  for await (const artefact of openArtefact(job.origin, { scratch: scratch.path })) {
    const answer = await read(app, artefact, job);
    if (answer !== null) answers.push(structuredClone(answer));
  }
  return answers;
}
