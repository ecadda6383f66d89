/**
 * Entry point of the process that reads other people's artefacts. The process that started it ({@link readApart}) ends it; it
 * also ends when that process does.
 */
import { type Artefact, openArtefact } from '../../core/artefact/artefact.ts';
import type { AppContext } from '../context.ts';
import type { Environment } from '../reporter.ts';
import { diskStore, vegaPictures } from '../store.ts';
import { type ApartJob, endWithParent, type ReaderMessage } from './apart.ts';

/** The parts of the context that a reader may use. */
export type ReaderContext = Pick<AppContext, 'store' | 'pictures' | 'environment' | 'reporter'>;

/** Reads one artefact; the default export of the module that a job names. null: nothing to say about the artefact. */
export type ArtefactReader<Job extends ApartJob> = (
  app: ReaderContext,
  artefact: Artefact,
  job: Job,
) => Promise<unknown>;

/** A job, and the directory in which its archives are unpacked. */
type ReaderJob = ApartJob & { readonly scratch: string; readonly environment: Environment };

const silent = () => undefined;
const reporter = {
  lang: 'en',
  setLang: silent,
  log: silent,
  warn: silent,
} as const;

const say = (said: ReaderMessage<unknown>) =>
  new Promise<void>((resolve) => {
    process.send?.(said, () => resolve());
  });

// Tests and the documentation import every module; the process starts only as a program.
if (process.argv[1] === import.meta.filename) {
  endWithParent(process.ppid);
  process.on('message', async ({ scratch, environment, ...job }: ReaderJob) => {
    const app = { store: diskStore, pictures: vegaPictures, environment, reporter };
    const { default: read } = (await import(job.reader)) as { readonly default: ArtefactReader<ApartJob> };
    for await (const artefact of openArtefact(job.origin, { scratch })) {
      const answer = await read(app, artefact, job);
      if (answer !== null) await say({ answer });
    }
    await say({ end: true });
  });
}
